import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createBcryptPool, type BcryptPool } from '../../src/clients/bcrypt-pool.ts';

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
  const hash = await pool.hash(password, 'ada');
  expect([await pool.compare(password, hash, 'ada'), await pool.compare(other, hash, 'ada')]).toEqual([true, false]);
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
