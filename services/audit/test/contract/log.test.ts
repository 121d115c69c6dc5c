import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditEvent, ConsistencyProof, InclusionProof } from '@guildhall/contracts';
import { waitFor } from '@guildhall/testkit';
import { countStatements, eventOf, invalid, problem, startFixture, unsigned, type Fixture } from './fixture.ts';
import { checkConsistency, leafOf, readCheckpoint, rootByPath, rootOf, sha256 } from './merkle-checks.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const textOf = async (path: string) => {
  const response = await fetch(fixture.url + path);
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    cache: response.headers.get('cache-control'),
    text: await response.text(),
  };
};
const bytesOf = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(fixture.url + path, { headers });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    cache: response.headers.get('cache-control'),
    bytes: Buffer.from(await response.arrayBuffer()),
  };
};

/** The last checkpoint, once it covers so many events. */
const signedAt = (size: number) =>
  waitFor(
    async () => {
      const { status, text } = await textOf('/v1/audit/checkpoint');
      if (status !== 200) return false;
      const checkpoint = readCheckpoint(text, (await textOf('/v1/audit/log/key')).text);
      return checkpoint.size >= size && { ...checkpoint, note: text };
    },
    { what: `a checkpoint of ${size} events` },
  );

const readsAtOnce = 50;
/** Events as they were answered the first time: one that is stored does not change. */
const answered = new Map<string, AuditEvent>();
const readEvent = async (id: string): Promise<AuditEvent> => {
  const event = answered.get(id) ?? (await fixture.read<AuditEvent>(`/v1/audit/events/${id}`)).body;
  answered.set(id, event);
  return event;
};
/** Events of the log in its order, as they are answered. */
const loggedEvents = async (wanted: readonly string[]): Promise<AuditEvent[]> => {
  const events: AuditEvent[] = [];
  for (let at = 0; at < wanted.length; at += readsAtOnce)
    events.push(...(await Promise.all(wanted.slice(at, at + readsAtOnce).map(readEvent))));
  return events.toSorted((one, other) => one.leafIndex - other.leafIndex);
};
const leavesOf = (events: readonly AuditEvent[]): Buffer[] => events.map((event) => leafOf({ ...event, leafIndex: undefined }));

const report = async (count: number): Promise<string[]> => {
  const events = Array.from({ length: count }, (_, at) =>
    eventOf({ changes: [{ path: '/n', before: at, after: { b: 1e21, a: ['é', null, -0.5] } }] }),
  );
  for (let at = 0; at < count; at += 200) await fixture.report(...events.slice(at, at + 200));
  return events.map(({ id }) => id);
};

const ids: string[] = [];

describe('the log', () => {
  test('is signed while it is empty, by a key of its own that anyone may read', async () => {
    const checkpoint = await signedAt(0);
    expect(checkpoint).toMatchObject({ size: 0, root: sha256().toString('base64') });
    expect(checkpoint.origin).toMatch(/^guildhall-audit\/[0-9a-f-]{36}$/);
    const { status, type } = await textOf('/v1/audit/log/key');
    expect([status, type]).toEqual([200, 'text/plain; charset=utf-8']);
  });

  test('gives places from 0 without a gap, and its root is that of the events as they are answered', async () => {
    ids.push(...(await report(5)));
    const events = await loggedEvents(ids);
    expect(events.map(({ leafIndex }) => leafIndex)).toEqual([0, 1, 2, 3, 4]);
    const checkpoint = await signedAt(5);
    expect(checkpoint).toMatchObject({ size: 5, root: rootOf(leavesOf(events)).toString('base64') });
    expect(await textOf('/v1/audit/log/checkpoint')).toEqual({
      status: 200,
      type: 'text/plain; charset=utf-8',
      cache: 'no-cache',
      text: checkpoint.note,
    });
  });

  test('keeps its root over whole tiles', async () => {
    ids.push(...(await report(600)));
    const events = await loggedEvents(ids);
    const checkpoint = await signedAt(605);
    expect(checkpoint).toMatchObject({ size: 605, root: rootOf(leavesOf(events)).toString('base64') });
  });
});

describe('GET /v1/audit/events/:eventId/proof', () => {
  test('leads from each event to the signed root, with at most two statements', async () => {
    const { root, note } = await signedAt(605);
    for (const at of [0, 1, 255, 256, 511, 512, 603, 604]) {
      const { result, statements } = await countStatements(() =>
        fixture.read<InclusionProof>(`/v1/audit/events/${ids[at]}/proof`),
      );
      expect(result).toMatchObject({ status: 200, body: { eventId: ids[at], leafIndex: at, treeSize: 605, checkpoint: note } });
      expect(rootByPath(result.body)).toBe(root);
      const [event] = await loggedEvents([ids[at] ?? '']);
      expect(event === undefined ? '' : leavesOf([event])[0]?.toString('base64')).toBe(result.body.leafHash);
      expect(statements.filter((text) => !/sealed_private_key|ORDER BY recorded_at, id LIMIT/.test(text))).toSatisfy(
        (sent: string[]) => sent.length <= 2,
      );
    }
  });

  test('refuses who may not read the trail, and what is not there', async () => {
    const path = `/v1/audit/events/${randomUUID()}/proof`;
    expect((await fixture.read(path)).body).toEqual(problem(404, 'NOT_FOUND', 'Not found', 'There is no such audit event.'));
    expect((await fixture.ask('GET', path)).body).toEqual(unsigned);
    expect((await fixture.ask('GET', path, { headers: await fixture.asCaller('user:read') })).status).toBe(403);
  });
});

const receiptOf = async (id: string, permission = 'audit:read') => {
  const response = await fetch(`${fixture.url}/v1/audit/events/${id}/receipt`, { headers: await fixture.asCaller(permission) });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};

describe('GET /v1/audit/events/:eventId/receipt', () => {
  test('is the canonical event, its path and the signed checkpoint in at most 4 KiB, with at most two statements', async () => {
    for (const at of [0, 255, 256, 604]) {
      const { body: proof } = await fixture.read<InclusionProof>(`/v1/audit/events/${ids[at]}/proof`);
      const { result, statements } = await countStatements(() => receiptOf(ids[at] ?? ''));
      const end = result.text.indexOf('\n\n');
      const [head, note] = [result.text.slice(0, end), result.text.slice(end + 2)];
      const [format, extra = '', index, ...path] = head.split('\n');
      expect([result.status, result.type, format, index]).toEqual([
        200,
        'text/plain; charset=utf-8',
        'c2sp.org/tlog-proof@v1',
        `index ${at}`,
      ]);
      expect([path, note]).toEqual([proof.path, proof.checkpoint]);
      const event = Buffer.from(extra.replace('extra ', ''), 'base64');
      expect(sha256(Buffer.of(0), event).toString('base64')).toBe(proof.leafHash);
      expect(JSON.parse(event.toString())).toMatchObject({ id: ids[at] });
      expect(Buffer.byteLength(result.text)).toBeLessThanOrEqual(4_096);
      expect(statements.filter((text) => !/sealed_private_key|ORDER BY recorded_at, id LIMIT/.test(text))).toSatisfy(
        (sent: string[]) => sent.length <= 2,
      );
    }
  });

  test('refuses who may not read the trail, and what is not there', async () => {
    const nowhere = await receiptOf(randomUUID());
    expect([nowhere.status, nowhere.text.includes('There is no such audit event.')]).toEqual([404, true]);
    expect((await receiptOf(ids[0] ?? '', 'user:read')).status).toBe(403);
    expect((await fixture.ask('GET', `/v1/audit/events/${ids[0]}/receipt`)).body).toEqual(unsigned);
  });
});

describe('GET /v1/audit/consistency', () => {
  test('answers both roots and a path, from any size to any larger one', async () => {
    const leaves = leavesOf(await loggedEvents(ids));
    for (const [from, to] of [
      [0, 605],
      [1, 2],
      [3, 7],
      [255, 256],
      [256, 605],
      [300, 512],
      [605, 605],
    ] as const) {
      const { result, statements } = await countStatements(() =>
        fixture.read<ConsistencyProof>(`/v1/audit/consistency?from=${from}&to=${to}`),
      );
      expect(result.status).toBe(200);
      expect(result.body).toMatchObject({
        from,
        to,
        fromRoot: rootOf(leaves.slice(0, from)).toString('base64'),
        toRoot: rootOf(leaves.slice(0, to)).toString('base64'),
      });
      checkConsistency(result.body);
      expect(statements.filter((text) => !/sealed_private_key|ORDER BY recorded_at, id LIMIT/.test(text))).toSatisfy(
        (sent: string[]) => sent.length <= 2,
      );
    }
    expect((await fixture.read<ConsistencyProof>('/v1/audit/consistency?from=1')).body.to).toBe(605);
  });

  test('refuses sizes that are not signed, or in the wrong order', async () => {
    expect((await fixture.read('/v1/audit/consistency?from=1&to=606')).body).toEqual(
      problem(404, 'NOT_FOUND', 'Not found', 'The log is not signed at that size yet.'),
    );
    expect((await fixture.read('/v1/audit/consistency?from=3&to=2')).body).toEqual(
      invalid('The query does not fit this operation.', '/from', 'must not be larger than to'),
    );
    expect((await fixture.read('/v1/audit/consistency')).status).toBe(400);
    expect((await fixture.ask('GET', '/v1/audit/consistency?from=1')).body).toEqual(unsigned);
  });
});

describe('GET /v1/audit/log/tile', () => {
  test('serves whole tiles of leaves for ever, and tiles that are not whole by their width', async () => {
    const leaves = leavesOf(await loggedEvents(ids));
    expect(await bytesOf('/v1/audit/log/tile/0/001')).toEqual({
      status: 200,
      type: 'application/octet-stream',
      cache: 'public, max-age=31536000, immutable',
      bytes: Buffer.concat(leaves.slice(256, 512)),
    });
    expect(await bytesOf('/v1/audit/log/tile/0/002.p/93')).toEqual({
      status: 200,
      type: 'application/octet-stream',
      cache: 'public, max-age=3600',
      bytes: Buffer.concat(leaves.slice(512, 605)),
    });
    expect((await bytesOf('/v1/audit/log/tile/0/001.p/3')).bytes).toEqual(Buffer.concat(leaves.slice(256, 259)));
    expect((await bytesOf('/v1/audit/log/tile/1/000.p/2')).bytes).toEqual(
      Buffer.concat([rootOf(leaves.slice(0, 256)), rootOf(leaves.slice(256, 512))]),
    );
  });

  test.each(['00', '+0', '0x0', '0e0', '-0', '64', '%200'])('has no level %s: each tile has one name', async (level) => {
    expect((await textOf(`/v1/audit/log/tile/${level}/000`)).status).toBe(400);
  });

  test.each(['0/002', '0/002.p/94', '0/2', '0/000.p/0', '0/000.p/256', '0/x000/001', '1/000', '2/000.p/1', '0/x001/000'])(
    'has no tile %s',
    async (path) => {
      expect((await textOf(`/v1/audit/log/tile/${path}`)).status).toBe(404);
    },
  );

  test('serves entries to who may read the trail: each event behind its length', async () => {
    const headers = await fixture.asCaller('audit:read');
    const { status, cache, bytes } = await bytesOf('/v1/audit/log/tile/entries/002.p/93', headers);
    expect([status, cache]).toEqual([200, 'no-store']);
    const entries: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += 2 + bytes.readUInt16BE(at))
      entries.push(bytes.subarray(at + 2, at + 2 + bytes.readUInt16BE(at)));
    expect(entries.map((entry) => sha256(Buffer.of(0), entry))).toEqual(leavesOf(await loggedEvents(ids)).slice(512));
    expect((await bytesOf('/v1/audit/log/tile/entries/002.p/93')).status).toBe(401);
    expect((await bytesOf('/v1/audit/log/tile/entries/000', await fixture.asCaller('user:read'))).status).toBe(403);
    expect((await bytesOf('/v1/audit/log/tile/entries/002', headers)).status).toBe(404);
  });

  test('compresses entries, which are texts, and no hashes', async () => {
    const headers = { ...(await fixture.asCaller('audit:read')), 'accept-encoding': 'gzip' };
    const codingOf = async (path: string) =>
      (await fetch(`${fixture.url}/v1/audit/log/tile/${path}`, { headers })).headers.get('content-encoding');
    expect([await codingOf('entries/001'), await codingOf('0/001')]).toEqual(['gzip', null]);
  });

  test('lets pages of every site read what is open to anyone, also that there is no such tile, and nothing else', async () => {
    const headers = { ...(await fixture.asCaller('audit:read')), origin: 'https://monitor.example' };
    const allowed = async (path: string) =>
      (await fetch(fixture.url + path, { headers })).headers.get('access-control-allow-origin');
    for (const path of [
      '/v1/audit/checkpoint',
      ...['checkpoint', 'key', 'tile/0/001', 'tile/0/999'].map((end) => `/v1/audit/log/${end}`),
    ])
      expect([path, await allowed(path)]).toEqual([path, '*']);
    for (const path of ['/v1/audit/log/tile/entries/001', '/v1/audit/events', `/v1/audit/events/${ids[0]}/proof`])
      expect([path, await allowed(path)]).toEqual([path, null]);
  });

  test('has no bundle with an event that is longer than two bytes can say', async () => {
    ids.push(...(await report(1)));
    await fixture.report(eventOf({ changes: [{ path: '/text', after: 'x'.repeat(65_535) }] }));
    const answer = await fixture.read('/v1/audit/log/tile/entries/002.p/95');
    expect(answer.body).toMatchObject({ status: 422, code: 'UNPROCESSABLE' });
  });
});
