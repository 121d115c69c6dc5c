import { join } from 'node:path';
import { testKey } from '@guildhall/testkit';
import { runNode } from '@guildhall/testkit/run-node';
import { describe, expect, test } from 'vitest';
import { createRotateKeys } from '../../src/core/rotate-keys.ts';
import { encryptionKey } from './fixture.ts';
import { kidOf, rotationParts, storedKeys, useFirstKey } from './signing-keys.ts';

/** `make rotate-keys`, a process each time. What it does to keys and tokens: rotate-keys.test.ts. */

const { fixture, ada } = useFirstKey();

const command = join(import.meta.dirname, '../../src/commands/rotate-keys.ts');
const runCommand = (argument = '', key = encryptionKey) =>
  runNode([command, argument], { DATABASE_URL: fixture.config.databaseUrl ?? '', ENCRYPTION_KEY: key });

const stored = () => storedKeys(fixture);

describe('the command', () => {
  test('says which key takes over, and when', async () => {
    const { status, stdout, stderr } = await runCommand();
    const kids = new Map((await stored()).map(({ kid, status: stage }) => [stage, kid]));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.replaceAll(/\d{4}-\S+Z/g, 'TIME')).toBe(
      [
        `The next signing key is stored and published: ${kids.get('next') ?? ''}`,
        '  takes over  TIME, when every verifier knows it',
        `  until then  ${kids.get('current') ?? ''} signs; it is removed by TIME, when its last token has expired`,
        '',
      ].join('\n'),
    );
  });

  test('says what is under way already', async () => {
    const { kid } = await createRotateKeys(rotationParts(fixture))('rotation-1');
    const { stdout } = await runCommand();
    expect(stdout).toContain(`A rotation is under way already, with the key ${kid}\n`);
  });

  test('replaces the key at once when it is told to', async () => {
    const first = kidOf(ada.tokens.accessToken);
    const { stdout } = await runCommand('now');
    const kid = (await stored())[0]?.kid ?? '';
    expect(stdout).toBe(
      `The signing key is ${kid} from now on.\n  removed  ${first}; access tokens of before are refused, and clients refresh them\n`,
    );
  });

  test('refuses another ENCRYPTION_KEY than that of auth', async () => {
    expect(await runCommand('', Buffer.from(testKey(3)).toString('base64'))).toEqual({
      status: 1,
      stdout: '',
      stderr: 'ENCRYPTION_KEY does not open the current signing key: it is not the one of auth.\n',
    });
    expect(await stored()).toHaveLength(1);
  });
});
