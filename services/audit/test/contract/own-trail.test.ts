import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { countStatements, eventOf, idsOf, storedOf, type EventPage, type EventParts } from './fixture.ts';
import { useAuditService } from './use-audit-service.ts';

const fixture = useAuditService();

const origin = { sessionId: randomUUID(), ip: '203.0.113.9', userAgent: 'curl/8' };

/** Events at 10:00:00, 10:00:01 and so on, in this order. */
const seed = async (parts: readonly EventParts[]) => {
  const events = parts.map((part, second) => eventOf({ occurredAt: `2026-03-01T10:00:0${second}.000Z`, ...part }));
  await fixture.report(...events);
  return events;
};
const readOwn = async (userId: string, query = '') =>
  fixture.ask<EventPage>('GET', `/v1/auth/me/events${query}`, { headers: await fixture.asCallerWith({ userId }) });

describe('GET /v1/auth/me/events', () => {
  test('answers what the caller did by session and token, and what others did to their account, with one statement', async () => {
    const [userId, other] = [randomUUID(), randomUUID()];
    const account = { type: 'user', id: userId };
    const events = await seed([
      { actor: { type: 'user', id: userId, ...origin } },
      { actor: { type: 'token', id: userId, sessionId: randomUUID() } },
      { actor: { type: 'user', id: userId, ...origin }, action: 'user.update', resource: account },
      {
        actor: { type: 'system', id: 'anonymous', ip: '198.51.100.7' },
        action: 'session.create',
        resource: account,
        result: 'denied',
      },
      { actor: { type: 'user', id: other, ...origin }, action: 'user.update', resource: account },
      { actor: { type: 'user', id: other, ...origin } },
      { actor: { type: 'user', id: other, ...origin }, resource: { type: 'script', id: userId } },
    ]);
    const [byUser, byToken, ofAccount, failed, suspended] = events.map(storedOf) as Record<string, unknown>[];
    const { result, statements } = await countStatements(() => readOwn(userId));
    expect(result).toMatchObject({
      status: 200,
      body: {
        items: [{ ...suspended, actor: { type: 'user', id: other } }, failed, ofAccount, byToken, byUser],
        nextCursor: null,
      },
    });
    expect(result.body.items[0]?.actor).toEqual({ type: 'user', id: other });
    expect(statements).toHaveLength(1);
  });

  test('narrows by time and result, and pages through everything once; a stranger has nothing', async () => {
    const userId = randomUUID();
    const account = { type: 'user', id: userId };
    const events = await seed(
      [0, 1, 2, 3, 4, 5].map((n) =>
        n % 2 === 0
          ? { actor: { type: 'user', id: userId }, result: 'denied' }
          : { actor: { type: 'system', id: 'anonymous' }, resource: account },
      ),
    );
    const ids = events.map(({ id }) => id).toReversed();
    const seen: string[] = [];
    let query = '?limit=2';
    for (let page = 0; page < 3; page += 1) {
      const answer = await readOwn(userId, query);
      const { nextCursor } = answer.body;
      seen.push(...idsOf(answer));
      expect(nextCursor === null).toBe(page === 2);
      query = `?limit=2&cursor=${encodeURIComponent(nextCursor ?? '')}`;
    }
    expect(seen).toEqual(ids);
    expect(idsOf(await readOwn(userId, '?result=denied'))).toEqual([ids[1], ids[3], ids[5]]);
    const between = '?from=2026-03-01T10:00:01.000Z&to=2026-03-01T10:00:03.000Z';
    expect(idsOf(await readOwn(userId, between))).toEqual([ids[3], ids[4]]);
    expect((await readOwn(randomUUID())).body).toEqual({ items: [], nextCursor: null });
  });

  test('takes no other filter, and answers nobody without a principal', async () => {
    expect((await readOwn('ada', '?actor=grace')).status).toBe(400);
    expect((await fixture.ask('GET', '/v1/auth/me/events')).status).toBe(401);
  });
});
