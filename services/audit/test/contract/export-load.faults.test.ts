import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { randomUUID } from 'node:crypto';
import { sql } from '@guildhall/db';
import { waitFor } from '@guildhall/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../src/clients/sha256.ts';
import { leafHashOf, type LoggedEvent } from '../../src/core/log/leaf.ts';
import { problem, startFixture, type Fixture } from './fixture.ts';

/** Many times what an export may hold, and few enough to be read in seconds by a machine that does other work, too. */
const rows = 100_000;
/** Perfect subtrees of a log of that size: one for each bit. */
const subtrees = rows.toString(2).replaceAll('0', '').length;

const unusedIndexes = [
  '',
  'community_id_',
  'actor_id_',
  'action_',
  'resource_id_',
  'resource_type_',
  'request_id_',
  'result_',
].map((column) => `idx_audit_events_${column}occurred_at`);

const loggedAt = (n: number): LoggedEvent => {
  const at = new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString();
  return {
    id: randomUUID(),
    occurredAt: at,
    recordedAt: at,
    actor: { type: 'user', id: 'ada' },
    action: 'script.update',
    resource: { type: 'script', id: `script-${n}` },
    result: 'success',
    changes: [{ path: '/content', after: 'x'.repeat(200) }],
    requestId: 'request',
    service: 'team-resources',
  };
};

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  const { connection } = fixture.tables;
  // Straight into the table, without the indexes that an export does not use: this is about reading. The tree is that of nothing.
  for (const name of unusedIndexes) await connection.query(sql.unsafe`DROP INDEX ${sql.identifier(['audit', name])}`);
  for (let from = 0; from < rows; from += 10_000) {
    const events = Array.from({ length: 10_000 }, (_, at) => loggedAt(from + at));
    const leaves = events.map((event, at) => [
      event.id,
      event.occurredAt,
      Buffer.from(leafHashOf(sha256, event)).toString('hex'),
      from + at,
    ]);
    await connection.query(sql.unsafe`
      INSERT INTO audit.audit_events
        (id, actor_type, actor_id, action, resource_type, resource_id, result, changes, request_id, service, occurred_at,
         recorded_at, leaf_index, leaf_hash)
      SELECT leaf.id, 'user', 'ada', 'script.update', 'script', 'script-' || leaf.n, 'success',
             jsonb_build_array(jsonb_build_object('path', '/content', 'after', repeat('x', 200))), 'request', 'team-resources',
             leaf.occurred_at, leaf.occurred_at, leaf.n, decode(leaf.hash, 'hex')
      FROM ${sql.unnest(leaves, ['uuid', 'timestamptz', 'text', 'int8'])} AS leaf (id, occurred_at, hash, n)`);
  }
  await connection.query(sql.unsafe`
    INSERT INTO audit.log_heads (name, size, frontier) VALUES ('audit', ${rows}, decode(repeat('00', 32 * ${subtrees}::int4), 'hex'))
    ON CONFLICT (name) DO UPDATE SET size = excluded.size, frontier = excluded.frontier`);
});
afterAll(() => fixture.close());

const mebibyte = 1_048_576;
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** The whole service is in this process: what it holds is what the process holds. */
const liveBytes = (): number => {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const fetchExport = async (query: string) =>
  fetch(`${fixture.url}/v1/audit/export?${query}`, { headers: await fixture.asCaller('audit:read') });

const measureEveryBytes = 16 * mebibyte;

/** Reads to the end and keeps nothing of it; tells how much the process held at most, looked at now and then. */
const readAll = async (query: string) => {
  const response = await fetchExport(query);
  let [lines, bytes, measuredAt, most, tail] = [0, 0, 0, 0, ''];
  for await (const chunk of response.body ?? []) {
    const text = Buffer.from(chunk as Uint8Array).toString('latin1');
    lines += text.split('\n').length - 1;
    bytes += text.length;
    tail = (tail + text).slice(-200);
    if (bytes - measuredAt < measureEveryBytes) continue;
    measuredAt = bytes;
    most = Math.max(most, liveBytes());
  }
  return { lines, bytes, most, lastLine: tail.trimEnd().split('\n').at(-1) };
};

describe('an export of 100,000 events', () => {
  test('holds no more at its end than at its beginning, and ends with the last of them', async () => {
    const before = liveBytes();
    const { lines, bytes, lastLine, most } = await readAll(`format=ndjson&result=success&size=${rows}`);
    expect({ lines, lastLine }).toEqual({ lines: rows + 2, lastLine: `{"isComplete":true,"size":${rows}}` });
    expect(bytes).toBeGreaterThan(50 * mebibyte);
    expect(most - before).toBeLessThan(24 * mebibyte);
  });

  test('waits for a reader who does not read, instead of reading ahead; one who goes away ends it', async () => {
    const { port } = new URL(fixture.url);
    const callers = await Promise.all(
      Array.from({ length: 4 }, (_, at) => fixture.asCallerWith({ userId: `reader-${at}` }, 'audit:read')),
    );
    const readers = callers.map((caller) => {
      const headers = Object.entries(caller).map(([name, value]) => `${name}: ${value}\r\n`);
      const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
      socket.write(`GET /v1/audit/export?format=csv HTTP/1.1\r\nhost: x\r\n${headers.join('')}\r\n`);
      // Takes what fits into its buffer and no more.
      return socket.on('readable', () => undefined);
    });
    const refused = problem(
      503,
      'SERVICE_UNAVAILABLE',
      'A service is unavailable',
      '4 exports are under way already. Try again later.',
    );
    await waitFor(() => readers.every(({ bytesRead }) => bytesRead > 0), { what: 'all four to be under way' });
    const fifth = await (await fetchExport('format=csv')).text();
    expect(JSON.parse(fifth)).toEqual({ ...refused, requestId: expect.any(String) });
    for (const reader of readers) reader.destroy();
    await waitFor(
      async () => (await (await fetchExport(`format=csv&after=${rows - 2}&size=${rows}`)).text()).includes(`script-${rows - 1}`),
      {
        what: 'the places of those who went away',
      },
    );
  });

  test('that was cut off goes on where it was, and the two parts are the whole', async () => {
    const query = 'format=ndjson&size=20000';
    const cut = await fetchExport(query);
    let text = '';
    for await (const chunk of cut.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString('utf8');
      if (text.length > mebibyte) break;
    }
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const last = JSON.parse(whole.trimEnd().split('\n').at(-1) ?? '') as { leafIndex: number };
    const rest = await (await fetchExport(`${query}&after=${last.leafIndex}`)).text();
    const indexes = (whole + rest).split('\n').flatMap((line) => /^\{"leafIndex":(\d+)/.exec(line)?.[1] ?? []);
    expect(indexes).toHaveLength(20_000);
    expect(indexes.every((index, place) => Number(index) === place)).toBe(true);
  });

  test('is searched by words 20,000 events a page: pages may be empty, and the cursor leads on to the only one that fits', async () => {
    const found: string[] = [];
    let [pages, cursor]: [number, string | null] = [0, ''];
    while (cursor !== null) {
      const next: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await fixture.read(`/v1/audit/events?text=SCRIPT-77777${next}`);
      found.push(...body.items.map(({ resource }) => resource.id));
      cursor = body.nextCursor;
      pages += 1;
    }
    expect(found).toEqual(['script-77777']);
    expect(pages).toBe(rows / 20_000 + 1);
  });

  test('with an id that nobody knows answers its first and its last line', async () => {
    const text = await (await fetchExport(`format=ndjson&actor=${randomUUID()}`)).text();
    expect(text.split('\n')).toHaveLength(3);
  });
});
