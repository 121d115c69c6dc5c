import { randomInt } from 'node:crypto';
import { sql } from '@guildhall/db';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BcryptPool } from '../../src/clients/bcrypt-pool.ts';
import { newEmail, startFixture, type Fixture } from './fixture.ts';
import { rankSumDeviation } from './mann-whitney.ts';

/** The deviation that chance alone exceeds about once in 15,000 comparisons. */
const deviationMax = 4;
const samplesEach = 100;

/** The comparisons of passwords that were asked for, and whether one with no account's password is left out: a planted fault. */
let compared = 0;
let skipsDummy = false;
const counting = (pool: BcryptPool): BcryptPool => ({
  ...pool,
  compare: async (password, hash, holder) => {
    if (skipsDummy && hash === pool.dummyHash) return false;
    compared += 1;
    return pool.compare(password, hash, holder);
  },
});

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ passwords: counting });
});
afterAll(() => fixture.close());

let networks = 0;
/** An address of a client that was never seen: no delay of another try meets it. */
const newIp = (): string => `2001:db8:${(networks >> 16).toString(16)}:${((networks += 1) & 0xffff).toString(16)}::1`;

const logInWrongly = async (email: string): Promise<void> => {
  const body = { email, password: 'not the right sentence' };
  expect(await fixture.ask('POST', '/v1/auth/login', { body, ip: newIp() })).toMatchObject({ status: 401 });
};

const cpuMicroseconds = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** The costs of two kinds of request, whose samples are interleaved in an order of chance. The first ones of each warm up and are left out. */
const sample = async (kinds: readonly [() => Promise<void>, () => Promise<void>], clock: () => number) => {
  const costs: [number[], number[]] = [[], []];
  const warmUp = 10;
  const order = Array.from({ length: samplesEach + warmUp }, () => (randomInt(2) === 0 ? ([0, 1] as const) : ([1, 0] as const)));
  for (const [round, pair] of order.entries())
    for (const kind of pair) {
      const before = clock();
      await kinds[kind]();
      if (round >= warmUp) costs[kind].push(clock() - before);
    }
  return costs;
};

const deviationOf = async (...given: Parameters<typeof sample>): Promise<number> =>
  Math.abs(rankSumDeviation(...(await sample(...given))));

/** Accounts of every kind, by what keeps the password that is tried from being right. */
const accounts = async (): Promise<readonly (readonly [string, string])[]> => {
  const { signUp, tables } = fixture;
  const [active, suspended, passwordless] = [await signUp(), await signUp(), await signUp()];
  await tables.connection.query(sql.unsafe`UPDATE auth.users SET status = 'suspended' WHERE id = ${suspended.userId}`);
  await tables.connection.query(sql.unsafe`DELETE FROM auth.user_passwords WHERE user_id = ${passwordless.userId}`);
  return [
    ['a known', active.email],
    ['a suspended', suspended.email],
    ['a passwordless', passwordless.email],
  ];
};

describe('a refused log-in costs the same whether the address has an account:', () => {
  test('one comparison of a hash each, and as much processor time, by rank', async () => {
    const unknown = newEmail();
    for (const [what, email] of await accounts()) {
      compared = 0;
      const deviation = await deviationOf([() => logInWrongly(email), () => logInWrongly(unknown)], cpuMicroseconds);
      expect([what, compared]).toEqual([what, 2 * (samplesEach + 10)]);
      expect(`${what}: ${deviation < deviationMax ? 'alike' : deviation}`).toBe(`${what}: alike`);
    }
  });

  test('a log-in that compares nothing for an unknown address is found', async () => {
    const { email } = await fixture.signUp();
    const unknown = newEmail();
    skipsDummy = true;
    const deviation = await deviationOf([() => logInWrongly(email), () => logInWrongly(unknown)], cpuMicroseconds);
    skipsDummy = false;
    expect(deviation).toBeGreaterThan(deviationMax);
  });
});

test('a forgotten password is asked for in the same time whether the address has an account, by rank, and without a hash', async () => {
  const { signUp, ask, clock, mailbox } = fixture;
  const { email } = await signUp();
  const unknown = newEmail();
  let mails = mailbox.mails.filter(({ to }) => to === email).length;
  const askFor = async (address: string): Promise<void> => {
    const answer = await ask('POST', '/v1/auth/password/reset-code', { body: { email: address }, ip: newIp() });
    expect(answer.status).toBe(202);
  };
  compared = 0;
  let elapsed = 0;
  /** The time of the answers alone: that of the mails, which are sent behind them, is waited out. */
  const timed = async (address: string): Promise<void> => {
    clock.advance(600);
    const before = performance.now();
    await askFor(address);
    elapsed += performance.now() - before;
    if (address === email) await mailbox.nthTo(email, (mails += 1));
  };
  const deviation = await deviationOf([() => timed(email), () => timed(unknown)], () => elapsed);
  expect(deviation).toBeLessThan(deviationMax);
  expect(compared).toBe(0);
});

test('the rank-sum test tells samples apart that differ, and none that do not', () => {
  const count = Array.from({ length: 50 }, (_, index) => index);
  expect(rankSumDeviation(count, count)).toBe(0);
  expect(
    rankSumDeviation(
      count,
      count.map((value) => value + 100),
    ),
  ).toBeCloseTo(-8.62, 1);
  // One sample with outliers, as of a machine that was busy at times.
  expect(
    Math.abs(
      rankSumDeviation(
        count,
        count.map((value) => (value % 10 === 0 ? value + 10_000 : value)),
      ),
    ),
  ).toBeLessThan(2);
});
