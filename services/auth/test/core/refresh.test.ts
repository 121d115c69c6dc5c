import { describe, expect, test } from 'vitest';
import { createRefresh, type RefreshParts } from '../../src/core/refresh.ts';
import { secretTokenOf } from '../../src/core/secret-token.ts';
import type { VisitorContext } from '../../src/core/visitor.ts';

const sessionId = '6f8e2b1a-0c3d-4e5f-8a9b-0c1d2e3f4a5b';
const token = secretTokenOf(sessionId, 'x'.repeat(43));
const usedAt = new Date('2026-01-01T00:00:00.000Z');

/** A refresh whose token was used at `usedAt`, and whose statements take `statementMs` on a busy database. */
const lateRefresh = (receivedAt: Date, statementMs: number) => {
  const revoked: string[] = [];
  let nowMs = receivedAt.getTime();
  const onBusyDatabase = <T>(value: T): Promise<T> => {
    nowMs += statementMs;
    return Promise.resolve(value);
  };
  const sessions = {
    rotate: () => onBusyDatabase(null),
    findTraded: () => onBusyDatabase({ usedAt, userId: 'ada' }),
    findByToken: () => onBusyDatabase(null),
    revoke: (id: string) => onBusyDatabase(revoked.push(id) > 0),
  };
  const stores = {
    sessions,
    outbox: { append: () => Promise.resolve() },
    users: { findEmail: () => onBusyDatabase('ada@example.org') },
    mails: { add: () => Promise.resolve() },
  };
  const parts = {
    database: { stores, inTransaction: (work: (tx: typeof stores) => Promise<unknown>) => work(stores) },
    hashes: { hashSecret: (secret: string) => secret, nextSecret: () => 'y'.repeat(43) },
    signAccessToken: () => Promise.resolve('unused'),
    random: { newId: () => 'mail' },
    sealMail: () => 'sealed',
    onMailQueued: () => undefined,
    now: () => new Date(nowMs),
  } as unknown as RefreshParts;
  const context = { audit: () => ({}) } as unknown as VisitorContext;
  return { refused: createRefresh(parts)(context, token).catch((error: unknown) => error), revoked };
};

describe('the grace of a refresh token that was used', () => {
  test('counts from arrival to arrival: a wait for the database neither ends it nor the session', async () => {
    const { refused, revoked } = lateRefresh(new Date(usedAt.getTime() + 1_000), 20_000);
    expect(await refused).toMatchObject({ code: 'CONFLICT' });
    expect(revoked).toEqual([]);
  });

  test('is no longer where the clock was set back meanwhile', async () => {
    const { refused, revoked } = lateRefresh(new Date(usedAt.getTime() - 3_600_000), 0);
    expect(await refused).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(revoked).toEqual([sessionId]);
  });

  test('is over for a request that arrives more than ten seconds later', async () => {
    const { refused, revoked } = lateRefresh(new Date(usedAt.getTime() + 10_001), 0);
    expect(await refused).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(revoked).toEqual([sessionId]);
  });
});
