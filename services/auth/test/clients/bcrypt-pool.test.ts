import { compareSync, hashSync } from 'bcryptjs';
import { anyText } from '@guildhall/testkit/any-text';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createBcryptPool, type BcryptPool } from '../../src/clients/bcrypt-pool.ts';
import { compare, engine, hash } from '../../src/clients/bcrypt-worker.ts';

let pool: BcryptPool;
beforeAll(async () => {
  pool = await createBcryptPool({ cost: 4 });
});
afterAll(() => pool.close());

/** bcrypt reads 72 bytes, and repeats a shorter password with a NUL in between. */
const unread = [
  ['a byte behind 72', 'x'.repeat(72), `${'x'.repeat(72)}y`],
  ['a character behind 72 bytes', 'ä'.repeat(36), `${'ä'.repeat(36)}ä`],
  ['the same password again behind a NUL', 'a long sentence', 'a long sentence\0a long sentence'],
] as const;

test.each(unread)('a password with %s is another one', async (_name, password, other) => {
  const stored = await pool.hash(password, 'ada');
  expect([await pool.compare(password, stored, 'ada'), await pool.compare(other, stored, 'ada')]).toEqual([true, false]);
});

test.each(unread)('a password with %s is never hashed', async (_name, _password, other) => {
  await expect(pool.hash(other, 'ada')).rejects.toThrow('bcrypt does not read all of this password');
});

test('one holder takes a share of the queue, and gets it back when the work is done', async () => {
  const small = await createBcryptPool({ cost: 4, jobsPerHolderMax: 2 });
  onTestFinished(() => small.close());
  const hashes = Promise.all([small.hash('one', 'ada'), small.hash('two', 'ada')]);
  await expect(small.hash('three', 'ada')).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 2 });
  expect(await small.compare('four', small.dummyHash, 'bob')).toBe(false);
  await hashes;
  expect(await small.compare('five', small.dummyHash, 'ada')).toBe(false);
});

test('the implementation in C and the one in JavaScript take the hashes of each other, and no other password', () => {
  expect(engine()).toBe('native');
  const short = anyText({ maxLength: 18 }).filter((text) => !text.includes('\0'));
  fc.assert(
    fc.property(short, short, (password, other) => {
      const [ours, theirs] = [hash({ password, cost: 4 }), hashSync(password, 4)];
      const taken = (given: string) => [compareSync(given, ours), compare({ password: given, hash: theirs })];
      expect([taken(password), taken(other)]).toEqual([
        [true, true],
        [other === password, other === password],
      ]);
    }),
    {
      numRuns: 8,
      examples: [
        ['half a pair \ud83d', 'half a pair \ud83e'],
        ['密码 🔑 пароль', '密码 🔑 парол'],
      ],
    },
  );
});

test('a hash of another kind, as other programs store it, is taken as well', () => {
  const stored = hashSync('a long sentence', 4);
  for (const kind of ['$2a$', '$2y$'])
    expect(compare({ password: 'a long sentence', hash: stored.replace('$2b$', kind) })).toBe(true);
});
