import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSecret } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'guildhall-secret-'));
afterAll(() => rmSync(folder, { recursive: true }));
const bytes = Uint8Array.from({ length: 32 }, (_byte, at) => 200 + at);
const text = Buffer.from(bytes).toString('base64');
const file = join(folder, 'key');
writeFileSync(file, `${text}\n`);

const notRandom = 'INTERNAL_KEY is not random: make a key of your own with openssl rand -base64 32.';
const placeholder = 'INTERNAL_KEY is still the placeholder of an example: put a value of your own in its place.';

describe('a secret', () => {
  it('is read from the environment, or from the file that it names', () => {
    expect(readSecret({ INTERNAL_KEY: text }, 'INTERNAL_KEY')).toEqual(bytes);
    expect(readSecret({ INTERNAL_KEY_FILE: file }, 'INTERNAL_KEY')).toEqual(bytes);
    expect(readSecret({ ENCRYPTION_KEY: '', ENCRYPTION_KEY_FILE: file }, 'ENCRYPTION_KEY')).toEqual(bytes);
  });

  it.each<[string, NodeJS.ProcessEnv, string]>([
    ['is missing', {}, 'INTERNAL_KEY or INTERNAL_KEY_FILE is missing: 32 random bytes in base64.'],
    ['is empty', { INTERNAL_KEY: '' }, 'INTERNAL_KEY or INTERNAL_KEY_FILE is missing: 32 random bytes in base64.'],
    ['is too short', { INTERNAL_KEY: 'c2hvcnQ=' }, 'INTERNAL_KEY is too short: it must be at least 32 bytes in base64.'],
    ['is not base64', { INTERNAL_KEY: 'not base64! '.repeat(8) }, 'INTERNAL_KEY is not base64.'],
    ['is one byte over and over', { INTERNAL_KEY: Buffer.alloc(32).toString('base64') }, notRandom],
    ['is a sentence', { INTERNAL_KEY: Buffer.from('replace me '.repeat(4)).toString('base64') }, notRandom],
    ['is a placeholder', { INTERNAL_KEY: 'replace: openssl rand -base64 32' }, placeholder],
    ['is in a file that is not there', { INTERNAL_KEY_FILE: join(folder, 'none') }, 'INTERNAL_KEY_FILE cannot be read (ENOENT).'],
  ])('that %s stops the start, and its text is not repeated', (_name, env, message) => {
    expect(() => readSecret(env, 'INTERNAL_KEY')).toThrow(new Error(message));
  });
});
