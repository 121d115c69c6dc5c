import { randomUUID } from 'node:crypto';
import { sql } from '@guildhall/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { secondsAfter } from '../../src/core/random.ts';
import { beginLogIn } from '../../src/store/begin-log-in.ts';
import { createCodeStore } from '../../src/store/codes.ts';
import { newEmail, startFixture, type Fixture } from '../contract/fixture.ts';

// Requests read the clock when they arrive, and are stored in any order: here the latest is stored first.

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const now = Date.parse('2026-01-31T08:30:00.000Z');
const latest = new Date(now);
const latestFirst = (count: number): readonly Date[] => Array.from({ length: count }, (_, index) => new Date(now - index));

/** Begins log-ins one after the other, the latest first. Returns how many may compare a password. */
const reservedOf = async (count: number, pairOf: (index: number) => string): Promise<number> => {
  const addressId = randomUUID();
  let reserved = 0;
  for (const [index, at] of latestFirst(count).entries()) {
    const { isReserved } = await beginLogIn(fixture.tables.connection, newEmail(), { pairId: pairOf(index), addressId, at });
    if (isReserved) reserved += 1;
  }
  return reserved;
};

test('guesses at an account are as few as in turn', async () => {
  const pairId = randomUUID();
  expect(await reservedOf(20, () => pairId)).toBe(4);
});

test('guesses from an address are as few as in turn', async () => {
  expect(await reservedOf(60, () => randomUUID())).toBe(30);
});

test('a later failure is not forgotten for one that is stored after it', async () => {
  const { connection } = fixture.tables;
  const subjects = { pairId: randomUUID(), addressId: randomUUID() };
  const early = new Date(now - 1);
  const begin = (at: Date) => beginLogIn(connection, newEmail(), { ...subjects, at });
  await begin(latest);
  await begin(early);
  const { failures } = await begin(early);
  expect(failures.map(({ failures: count, lastFailedAt }) => [count, lastFailedAt])).toEqual([
    [2, latest],
    [2, latest],
  ]);
});

test('a code is renewed once a minute', async () => {
  const { connection } = fixture.tables;
  const [email, id, secretHash] = [newEmail(), randomUUID(), randomUUID()];
  const code = { id, email, purpose: 'verify_email', secretHash, codeHash: 'hash' } as const;
  await connection.query(sql.unsafe`
    INSERT INTO auth.auth_codes (id, email, purpose, secret_hash, code_hash, expires_at, created_at, updated_at)
    VALUES (${id}, ${email}, 'verify_email', ${secretHash}, 'hash', ${secondsAfter(latest, 30).toISOString()},
            ${secondsAfter(latest, -3600).toISOString()}, ${secondsAfter(latest, -3600).toISOString()})`);
  await connection.query(sql.unsafe`
    INSERT INTO auth.registrations (auth_code_id, display_name, password_hash) VALUES (${id}, 'Ada', 'planted')`);
  const renewed: boolean[] = [];
  for (const at of latestFirst(10)) {
    const expiresAt = secondsAfter(at, 900);
    const limits = {
      askedSince: secondsAfter(at, -86_400),
      expiresBefore: secondsAfter(expiresAt, -60),
      expiresAfter: secondsAfter(expiresAt, 60),
    };
    renewed.push(await createCodeStore(connection).renew({ ...code, expiresAt }, limits, at));
  }
  expect(renewed).toEqual([true, ...Array<boolean>(9).fill(false)]);
});
