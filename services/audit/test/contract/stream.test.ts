import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { waitFor } from '@guildhall/testkit';
import { eventOf, problem, startFixture, type EventParts } from './fixture.ts';
import { useAuditService } from './use-audit-service.ts';

const fixture = useAuditService();

interface Told {
  readonly id: number;
  readonly event: { readonly id: string; readonly leafIndex: number };
}

/** One connection to a stream: what came of it so far. */
const listen = async (
  query = '',
  {
    path = '/v1/audit/stream',
    permission = 'audit:read',
    lastEventId = '',
    of = fixture,
    userId = `reader-${randomUUID()}`,
  } = {},
) => {
  const abort = new AbortController();
  const response = await fetch(`${of.url}${path}?${query}`, {
    headers: {
      ...(await of.asCallerWith({ userId }, permission)),
      ...(lastEventId === '' ? {} : { 'last-event-id': lastEventId }),
    },
    signal: abort.signal,
  });
  let text = '';
  let isOver = false;
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk as Uint8Array, { stream: true });
  })()
    .catch(() => undefined)
    .finally(() => void (isOver = true));
  const told = (): Told[] =>
    text
      .split('\n\n')
      .slice(0, -1)
      .flatMap((block) => {
        const [, id] = /^id: (\d+)$/m.exec(block) ?? [];
        const [, data] = /^data: (.*)$/m.exec(block) ?? [];
        return id === undefined || data === undefined ? [] : [{ id: Number(id), event: JSON.parse(data) as Told['event'] }];
      });
  const close = async (): Promise<void> => {
    abort.abort();
    await reading;
  };
  return { response, told, text: () => text, isOver: () => isOver, close };
};
const idsTold = ({ told }: { told(): Told[] }): string[] => told().map(({ event }) => event.id);

const report = async (parts: readonly EventParts[], communityId: string = randomUUID()) => {
  const events = parts.map((part) => eventOf({ communityId, ...part }));
  await fixture.report(...events);
  return { communityId, ids: events.map(({ id }) => id) };
};

describe('GET /v1/audit/stream', () => {
  test('tells of events as they are stored, each with its leaf index as its id, as server-sent events', async () => {
    const stream = await listen();
    await waitFor(() => stream.text() !== '', { what: 'the greeting' });
    expect([stream.response.status, stream.response.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
    expect(stream.text()).toMatch(/^retry: 1000\n(id: \d+\n)?\n$/);
    const { ids } = await report([{}, { changes: [{ path: '/name', after: 'two\nlines' }] }]);
    await waitFor(() => stream.told().length === 2, { what: 'both events' });
    expect(idsTold(stream)).toEqual(ids);
    expect(stream.told().map(({ id }) => id)).toEqual(stream.told().map(({ event }) => event.leafIndex));
    await stream.close();
  });

  test('goes on behind Last-Event-ID: over many connections nothing is lost and nothing comes twice', async () => {
    const communityId = randomUUID();
    const sent: string[] = [];
    const seen: string[] = [];
    let lastEventId = '';
    for (let round = 0; round < 5; round += 1) {
      const stream = await listen(`community=${communityId}`, { lastEventId });
      await waitFor(() => stream.text() !== '', { what: 'the greeting' });
      sent.push(...(await report([{}, {}, {}], communityId)).ids);
      // Some are cut off in the midst of it: what they did not see, the next one does.
      const enough = round === 4 ? sent.length : sent.length - 2;
      await waitFor(() => seen.length + stream.told().length >= enough, { what: 'the events of this round' });
      const told = stream.told();
      await stream.close();
      seen.push(...told.map(({ event }) => event.id));
      lastEventId = String(told.at(-1)?.id ?? lastEventId);
      await report([{}]);
    }
    expect(seen).toEqual(sent);
  });

  test('catches up over thousands of events that nobody listened to, in order', async () => {
    const first = await report([{}]);
    const batches = [];
    for (let batch = 0; batch < 12; batch += 1)
      batches.push(
        await report(
          Array.from({ length: 100 }, () => ({})),
          first.communityId,
        ),
      );
    const { body } = await fixture.read<Told['event']>(`/v1/audit/events/${first.ids[0]}`);
    const stream = await listen(`community=${first.communityId}`, { lastEventId: String(body.leafIndex) });
    const ids = batches.flatMap((batch) => batch.ids);
    await waitFor(() => stream.told().length >= ids.length, { what: 'all of them' });
    expect(new Set(idsTold(stream))).toEqual(new Set(ids));
    expect(stream.told().map(({ id }) => id)).toEqual(Array.from(ids, (_, index) => body.leafIndex + 1 + index));
    await stream.close();
  });

  test('tells only of what fits the filters', async () => {
    const stream = await listen('action=script.*&result=denied&text=NIGHT&changedPath=/name');
    await waitFor(() => stream.text() !== '', { what: 'the greeting' });
    const fitting: EventParts = {
      result: 'denied',
      resource: { type: 'script', id: 'script-1', name: 'Tonight' },
      changes: [{ path: '/name' }],
    };
    const { ids } = await report([
      {},
      { ...fitting, action: 'scripts.update' },
      { ...fitting, result: 'success' },
      { ...fitting, resource: { type: 'script', id: 'script-1' } },
      { ...fitting, changes: [{ path: '/name/first' }] },
      fitting,
    ]);
    await waitFor(() => stream.told().length > 0, { what: 'the event' });
    expect(idsTold(stream)).toEqual(ids.slice(-1));
    await stream.close();
  });

  test('refuses the listener beyond the thirty-second, and takes another when one is gone', async () => {
    const streams = await Promise.all(Array.from({ length: 32 }, (_, at) => listen('', { userId: `reader-${at}` })));
    expect(streams.map(({ response }) => response.status)).toEqual(streams.map(() => 200));
    expect((await fixture.read('/v1/audit/stream')).body).toEqual(
      problem(503, 'SERVICE_UNAVAILABLE', 'A service is unavailable', '32 listen already. Try again shortly.'),
    );
    await streams[0]?.close();
    const next = await waitFor(async () => {
      const tried = await listen('', { userId: 'next' });
      return tried.response.status === 200 ? tried : undefined;
    });
    await Promise.all([...streams, next].map(({ close }) => close()));
  });

  test('gives one user two streams at most', async () => {
    const userId = randomUUID();
    const streams = [await listen('', { userId }), await listen('', { userId })];
    const caller = await fixture.asCallerWith({ userId }, 'audit:read');
    const third = await fixture.ask('GET', '/v1/audit/stream', { headers: caller });
    const detail = 'You have 2 streams open, as many as one user may. Close one of them.';
    expect(third.body).toEqual(problem(429, 'RATE_LIMITED', 'Too many requests', detail));
    await Promise.all(streams.map(({ close }) => close()));
  });

  test('is for who may read alone', async () => {
    const forbidden = problem(403, 'FORBIDDEN', 'Not allowed', 'This needs the permission audit:read.');
    const { body } = await fixture.ask('GET', '/v1/audit/stream', { headers: await fixture.asCaller('user:read') });
    expect(body).toEqual(forbidden);
  });
});

const pathOf = (communityId: string) => ({ path: `/v1/communities/${communityId}/audit/stream` });

describe('GET /v1/communities/:communityId/audit/stream', () => {
  test('tells of that community alone, live and when it catches up', async () => {
    const [mine, other] = [await report([{}]), await report([{}])];
    const permission = `community-audit:read@${mine.communityId}`;
    const live = await listen('', { ...pathOf(mine.communityId), permission });
    const behind = await listen('', { ...pathOf(mine.communityId), permission, lastEventId: '0' });
    await waitFor(() => live.text() !== '' && behind.text() !== '', { what: 'the greetings' });
    await report([{}, {}], other.communityId);
    const { ids } = await report([{}, {}], mine.communityId);
    await waitFor(() => live.told().length >= 2 && behind.told().length >= 3, { what: 'the events of the community' });
    expect(idsTold(live)).toEqual(ids);
    expect(idsTold(behind)).toEqual([...mine.ids, ...ids]);
    await Promise.all([live.close(), behind.close()]);
  });

  test('is not there for anyone else', async () => {
    const [mine, other] = [randomUUID(), randomUUID()];
    const noCommunity = problem(
      404,
      'NOT_FOUND',
      'Not found',
      'There is no such community, or you may not see its audit events.',
    );
    for (const permission of [`community-audit:read@${mine}`, 'audit:read']) {
      const headers = await fixture.asCaller(permission);
      expect((await fixture.ask('GET', `/v1/communities/${other}/audit/stream`, { headers })).body).toEqual(noCommunity);
    }
  });
});

test('closing the service ends its streams, also one that nobody reads from', async () => {
  const own = await startFixture();
  const stream = await listen('', { of: own });
  const { port } = new URL(own.url);
  const headers = Object.entries(await own.asCaller('audit:read')).map(([name, value]) => `${name}: ${value}\r\n`);
  const silent = connect(Number(port), '127.0.0.1');
  silent.write(`GET /v1/audit/stream HTTP/1.1\r\nhost: x\r\n${headers.join('')}\r\n`);
  silent.on('error', () => undefined);
  silent.pause();
  await waitFor(() => stream.text() !== '' && silent.bytesWritten > 0, { what: 'both to be open' });
  await own.stop();
  await waitFor(stream.isOver, { what: 'the stream to end' });
  await expect(fetch(own.url)).rejects.toThrow('fetch failed');
  silent.destroy();
  await own.close();
});
