import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '@guildhall/db';
import { canonicalJson } from '@guildhall/resources';
import { countStatements, eventOf, invalid, problem, startFixture, type EventParts, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const noCommunity = problem(404, 'NOT_FOUND', 'Not found', 'There is no such community, or you may not see its audit events.');
const forbidden = problem(403, 'FORBIDDEN', 'Not allowed', 'This needs the permission audit:read.');

interface Line {
  readonly leafIndex: number;
  readonly leafHash: string;
  readonly [field: string]: unknown;
}

const report = async (parts: readonly EventParts[]) => {
  const communityId = randomUUID();
  const events = parts.map((part) => eventOf({ communityId, ...part }));
  await fixture.report(...events);
  return { communityId, ids: events.map(({ id }) => id) };
};

const exportText = async (query: string, path = '/v1/audit/export', permission = 'audit:read') => {
  const response = await fetch(`${fixture.url}${path}?${query}`, { headers: await fixture.asCaller(permission) });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const linesOf = (text: string): Line[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
const idsIn = (text: string): unknown[] => linesOf(text).flatMap(({ id }) => (id === undefined ? [] : [id]));

/** RFC 6962, section 2.1, over RFC 8785: what somebody does who has nothing but the export. */
const leafHashOf = ({ leafIndex: _index, leafHash: _hash, ...event }: Line): string =>
  createHash('sha256').update(Buffer.of(0)).update(canonicalJson(event)).digest('base64');

describe('GET /v1/audit/export', () => {
  test('as NDJSON begins with a header and holds every leaf of the log in order, each proven by what stands in its line', async () => {
    await report([{}, { changes: [{ path: '/name', before: null, after: 'Zürich\u2028' }] }, { result: 'denied' }]);
    const { status, headers, text } = await exportText('format=ndjson');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
    const [head, ...lines] = linesOf(text);
    expect(head).toEqual({ format: 'guildhall-audit-export', version: 1, origin: head?.['origin'], size: lines.length });
    expect(lines.map(({ leafIndex }) => leafIndex)).toEqual(lines.map((_, index) => index));
    expect(lines.map(({ leafHash }) => leafHash)).toEqual(lines.map(leafHashOf));
  });

  test('goes on behind `after` without a header, so that the parts together are the whole', async () => {
    await report([{}, {}, {}]);
    const whole = (await exportText('format=ndjson')).text;
    const lines = whole.split('\n');
    const { size } = JSON.parse(lines[0] ?? '') as { size: number };
    const first = `${lines.slice(0, 3).join('\n')}\n`;
    const rest = await exportText(`format=ndjson&after=1&size=${size}`);
    expect(first + rest.text).toBe(whole);
    expect((await exportText(`format=csv&after=${size - 1}&size=${size}`)).text).toBe('');
  });

  test('stops at `size`, such as that of a checkpoint, and not beyond the log', async () => {
    await report([{}, {}, {}]);
    const [head, ...lines] = linesOf((await exportText('format=ndjson&size=2')).text);
    expect([head?.['size'], lines.map(({ leafIndex }) => leafIndex)]).toEqual([2, [0, 1]]);
    const [past, ...all] = linesOf((await exportText('format=ndjson&size=1000000')).text);
    expect(past?.['size']).toBe(all.length);
  });

  test('narrowed by filters says so in its first line, and says in its last that it is complete', async () => {
    const { communityId, ids } = await report([
      { action: 'script.create' },
      { action: 'scripts.create' },
      { action: 'script.delete', changes: [{ path: '/name' }, { path: '/a~1b' }] },
    ]);
    const { text } = await exportText(`format=ndjson&community=${communityId}&action=script.*`);
    const lines = linesOf(text);
    const size = lines[0]?.['size'];
    expect(lines.map(({ id, ...rest }) => id ?? rest)).toEqual([
      {
        format: 'guildhall-audit-export',
        version: 1,
        origin: lines[0]?.['origin'],
        size,
        filters: { community: communityId, action: 'script.*' },
      },
      ids[0],
      ids[2],
      { isComplete: true, size },
    ]);
    expect(idsIn((await exportText(`format=ndjson&community=${communityId}&changedPath=/a~1b`)).text)).toEqual([ids[2]]);
  });

  test('as CSV has the fixed columns of RFC 4180, and nothing in it is a formula', async () => {
    const { communityId } = await report([
      {
        actor: { type: 'user', id: '=HYPERLINK("http://x")', userAgent: '+1' },
        resource: { type: '@sum', id: '-2', name: '\ttab, "quoted"\r\nnext' },
        changes: [{ path: '/name', after: 'a' }],
      },
    ]);
    const { text, headers } = await exportText(`format=csv&community=${communityId}&action=script.update`);
    const [head, ...rows] = text.split(/\r\n(?!next)/);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toBe('attachment; filename="audit.csv"');
    expect(head).toBe(
      'leafIndex,leafHash,id,occurredAt,recordedAt,actorType,actorId,actorSessionId,actorIp,actorUserAgent,action,resourceType,resourceId,resourceName,communityId,result,changes,requestId,service,state',
    );
    expect(rows.map((row) => row.split(',').slice(5).join(','))).toEqual([
      `user,"'=HYPERLINK(""http://x"")",,,'+1,script.update,'@sum,'-2,"'\ttab, ""quoted""\r\nnext",${communityId},success,"[{""path"":""/name"",""after"":""a""}]",request-of-the-change,team-resources,`,
      '',
    ]);
  });

  test('is itself in the audit trail: who, which format, which filters', async () => {
    const { communityId } = await report([{}]);
    await exportText(`format=csv&community=${communityId}&result=success&after=0`);
    const { body } = await fixture.read(`/v1/audit/events?community=${communityId}&action=audit.export`);
    expect(body.items).toEqual([
      expect.objectContaining({
        actor: { type: 'user', id: 'reader', sessionId: expect.any(String), ip: '203.0.113.7' },
        action: 'audit.export',
        resource: { type: 'audit-log', id: communityId },
        communityId,
        result: 'success',
        changes: [
          { path: '/format', after: 'csv' },
          { path: '/filters', after: { community: communityId, result: 'success' } },
          { path: '/after', after: 0 },
        ],
        requestId: expect.any(String),
        service: 'audit',
      }),
    ]);
  });

  test('asked for by HEAD answers its headers alone', async () => {
    const response = await fetch(`${fixture.url}/v1/audit/export?format=csv`, {
      method: 'HEAD',
      headers: await fixture.asCaller('audit:read'),
    });
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'text/csv; charset=utf-8',
      '',
    ]);
  });

  test('keeps the place and the leaf hash of an event whose payload was removed, in an export of everything', async () => {
    const { ids } = await report([{}, {}, {}]);
    await fixture.tables.connection.query(sql.unsafe`
      WITH gone AS (DELETE FROM audit.audit_events WHERE id = ${ids[1] ?? ''}::uuid RETURNING id, leaf_index, leaf_hash)
      INSERT INTO audit.removed_events (id, leaf_index, leaf_hash, reason)
      SELECT id, leaf_index, leaf_hash, 'redacted' FROM gone`);
    const [, ...lines] = linesOf((await exportText('format=ndjson')).text);
    expect(lines.map(({ leafIndex }) => leafIndex)).toEqual(lines.map((_, index) => index));
    const before = lines.findIndex(({ id }) => id === ids[0]);
    expect(lines[before + 1]).toEqual({
      leafIndex: before + 1,
      leafHash: expect.stringMatching(/^[\w+/]{43}=$/),
      removed: 'redacted',
    });
    const csv = (await exportText('format=csv')).text;
    expect(csv).toMatch(new RegExp(`\r\n${before + 1},.{43,44}=,{18}redacted\r\n`));
    const ocsf = linesOf((await exportText('format=ocsf')).text);
    expect(ocsf.map(({ metadata }) => (metadata as { sequence: number }).sequence)).toEqual(ocsf.map((_, index) => index));
    expect(ocsf[before + 1]).toEqual({
      category_uid: 0,
      category_name: 'Uncategorized',
      class_uid: 0,
      class_name: 'Base Event',
      activity_id: 99,
      activity_name: 'Removed',
      type_uid: 99,
      type_name: 'Base Event: Removed',
      time: expect.any(Number),
      message: `The audit event at leaf index ${before + 1} was redacted`,
      severity: 'Informational',
      severity_id: 1,
      metadata: expect.objectContaining({ sequence: before + 1 }),
      unmapped: { leafHash: lines[before + 1]?.leafHash, removed: 'redacted' },
    });
  });

  test('refuses who may not read, and what it does not know', async () => {
    expect(JSON.parse((await exportText('format=ndjson', undefined, 'user:read')).text)).toMatchObject({
      ...forbidden,
      requestId: expect.any(String),
    });
    const { body } = await fixture.read('/v1/audit/export?format=pdf');
    expect(body).toEqual(invalid('The query does not fit this operation.', '/format', 'must be one of "ndjson", "csv", "ocsf"'));
    const { result, statements } = await countStatements(() => fixture.ask('GET', '/v1/audit/export?format=csv'));
    expect([result.status, statements]).toEqual([401, []]);
  });
});

const pathOf = (communityId: string): string => `/v1/communities/${communityId}/audit/export`;

describe('GET /v1/communities/:communityId/audit/export', () => {
  test.each(['ndjson', 'csv', 'ocsf'])('as %s holds the events of that community alone', async (format) => {
    const [mine, other] = [await report([{}, {}]), await report([{}, {}])];
    await fixture.report(eventOf());
    const { text } = await exportText(`format=${format}`, pathOf(mine.communityId), `community-audit:read@${mine.communityId}`);
    for (const id of mine.ids) expect(text).toContain(id);
    expect(text).not.toContain(other.communityId);
    for (const id of other.ids) expect(text).not.toContain(id);
    const all = linesOf((await exportText('format=ndjson')).text).slice(1);
    const strangers = all.filter(({ communityId }) => communityId !== mine.communityId).map(({ id }) => String(id));
    expect(strangers.filter((id) => text.includes(id))).toEqual([]);
  });

  test('cannot be widened, and is not there for anyone else', async () => {
    const [mine, other] = [await report([{}]), await report([{}])];
    const asMine = `community-audit:read@${mine.communityId}`;
    expect((await exportText(`format=csv&community=${other.communityId}`, pathOf(mine.communityId), asMine)).status).toBe(400);
    for (const permission of [asMine, 'audit:read', 'community-audit:read']) {
      const { text } = await exportText('format=csv', pathOf(other.communityId), permission);
      expect(JSON.parse(text)).toMatchObject({ ...noCommunity, requestId: expect.any(String) });
    }
  });
});
