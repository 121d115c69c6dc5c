import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { sql, uncheckedRow } from '@guildhall/db';
import { eventDigest } from '@guildhall/events';
import { Type } from 'typebox';
import { countStatements, eventOf, invalid, problem, storedOf, unsigned } from './fixture.ts';
import { useAuditService } from './use-audit-service.ts';

const fixture = useAuditService();

const detail = 'The body does not fit this operation.';
const asService = async (path: string, body: unknown) =>
  (await fixture.ask('POST', path, { body, headers: await fixture.asService() })).body;

describe('POST /internal/events', () => {
  test('stores each event once, however often it is reported, and answers how many were new', async () => {
    const [first, second] = [eventOf(), eventOf()];
    expect(await fixture.report(first)).toMatchObject({ status: 200, body: { stored: 1 } });
    expect(await fixture.report(first, second, second)).toMatchObject({ status: 200, body: { stored: 1 } });
    expect(await fixture.report()).toMatchObject({ status: 200, body: { stored: 0 } });
    expect((await fixture.read(`/v1/audit/events/${first.id}`)).body).toEqual(storedOf(first));
  });

  test('keeps the first of two events with one id', async () => {
    const event = eventOf({ action: 'script.create' });
    await fixture.report(event);
    expect((await fixture.report(eventOf({ id: event.id, action: 'script.delete' }))).body).toEqual({ stored: 0 });
    expect((await fixture.read(`/v1/audit/events/${event.id}`)).body).toEqual(storedOf(event));
  });

  test('stores a batch with two statements: one asks for the log and what is there, one appends', async () => {
    const events = Array.from({ length: 200 }, () => eventOf());
    const { result, statements } = await countStatements(() => fixture.report(...events));
    expect(result.body).toEqual({ stored: 200 });
    expect(statements).toHaveLength(2);
  });

  test('refuses the whole report when a message is not as the contract says', async () => {
    const event = eventOf();
    const wrong = { ...event, payload: { ...event.payload, result: 'perhaps' } };
    expect((await fixture.report(event, wrong)).body).toEqual(
      invalid(detail, '/messages/1/payload/result', 'must be one of "success", "denied", "failure"'),
    );
    expect((await fixture.report({ ...event, colour: 'red' })).body).toEqual(
      invalid(detail, '/messages/0/colour', 'is not known here'),
    );
    expect((await fixture.report(...Array.from({ length: 201 }, () => event))).body).toEqual(
      invalid(detail, '/messages', 'must have at most 200 items'),
    );
    expect(await fixture.missing(event)).toEqual([event.id]);
  });

  test('takes events of the process that reports them alone', async () => {
    const [own, other] = [eventOf({ service: 'gateway' }), eventOf({ service: 'auth' })];
    const body = { messages: [own, other] };
    const answer = await fixture.ask('POST', '/internal/events', { body, headers: await fixture.asService('gateway') });
    expect(answer.body).toEqual(problem(403, 'FORBIDDEN', 'Not allowed', 'gateway may not report an event of auth.'));
    expect((await fixture.missing(own, other)).toSorted()).toEqual([own.id, other.id].toSorted());
  });

  test('refuses who is not a service of the installation, and a body that is too large', async () => {
    const body = { messages: [eventOf()] };
    expect((await fixture.ask('POST', '/internal/events', { body })).body).toEqual(unsigned);
    const headers = await fixture.asCaller('audit:read');
    expect((await fixture.ask('POST', '/internal/events', { body, headers })).body).toEqual(unsigned);
    const large = { messages: [{ ...eventOf(), padding: 'x'.repeat(4 * 1024 * 1024) }] };
    expect(await asService('/internal/events', large)).toMatchObject({ status: 413, code: 'TOO_LARGE' });
  });
});

describe('POST /internal/events/missing', () => {
  test('names those that were not stored, with one statement for each place where they may be', async () => {
    const stored = eventOf();
    await fixture.report(stored);
    const absent = eventOf();
    const { result, statements } = await countStatements(() => fixture.missing(stored, absent));
    expect(result).toEqual([absent.id]);
    expect(statements).toHaveLength(3);
    expect(await fixture.missing()).toEqual([]);
    expect(await fixture.missing({ ...stored, id: stored.id.toUpperCase() })).toEqual([]);
  });

  test('refuses other kinds, too many ids and who is not a service', async () => {
    const path = '/internal/events/missing';
    const asked = { id: randomUUID(), digest: eventDigest(eventOf()) };
    expect(await asService(path, { kind: 'user-changed', events: [] })).toEqual(
      invalid(detail, '/kind', 'must be one of "audit"'),
    );
    expect(await asService(path, { kind: 'audit', events: [{ ...asked, id: '1' }] })).toEqual(
      invalid(detail, '/events/0/id', 'must be a UUID'),
    );
    expect(await asService(path, { kind: 'audit', events: Array.from({ length: 1_001 }, () => asked) })).toEqual(
      invalid(detail, '/events', 'must have at most 1000 items'),
    );
    expect((await fixture.ask('POST', path, { body: { kind: 'audit', events: [] } })).body).toEqual(unsigned);
  });
});

const rejected = () => fixture.metric('audit_events_rejected_total');

describe('an event that the database cannot hold', () => {
  const Kept = uncheckedRow({ raw: Type.Unknown(), reason: Type.String() });
  const kept = (id: string) =>
    fixture.tables.connection.maybeOne(sql.type(Kept)`SELECT raw, reason FROM audit.rejected_events WHERE id = ${id}`);

  test('is set aside whole with its reason, told once, and its neighbours are stored', async () => {
    const neighbours = Array.from({ length: 9 }, () => eventOf());
    const poison = eventOf({ resource: { type: 'script', id: 'script-1', name: 'zero \u0000 character' } });
    const before = { stored: await fixture.metric('audit_events_stored_total'), rejected: await rejected() };
    expect((await fixture.report(...neighbours.slice(0, 4), poison, ...neighbours.slice(4))).body).toEqual({ stored: 9 });
    await fixture.report(poison);
    expect(await kept(poison.id)).toEqual({
      raw: JSON.stringify(poison),
      reason: 'The event contains the character U+0000, which cannot be stored.',
    });
    expect(await fixture.metric('audit_events_stored_total')).toBe(before.stored + 9);
    expect(await rejected()).toBe(before.rejected + 1);
    expect(fixture.lines.filter((line) => line.includes('rejected_events') && line.includes(poison.id))).toHaveLength(1);
    expect((await fixture.read(`/v1/audit/events/${poison.id}`)).status).toBe(404);
    expect(await fixture.missing(...neighbours)).toEqual([]);
  });

  test.each([
    [
      'half of a surrogate pair',
      'The event has no canonical JSON: a text holds half of a surrogate pair.',
      { changes: [{ path: '/name', after: '\ud800' }] },
    ],
    [
      'the character zero',
      'The event contains the character U+0000, which cannot be stored.',
      { changes: [{ path: '/name', after: 'a\u0000b' }] },
    ],
  ])('is set aside as its text when it holds %s', async (_what, reason, parts) => {
    const poison = eventOf(parts);
    expect((await fixture.report(poison)).body).toEqual({ stored: 0 });
    expect(await kept(poison.id)).toEqual({
      raw: JSON.stringify(poison),
      reason,
    });
  });

  test('is not asked for again: it is kept, and sending it once more would change nothing', async () => {
    const poison = eventOf({ occurredAt: '9999-12-31T23:59:59.000-12:00' });
    await fixture.report(poison);
    expect(await kept(poison.id)).toEqual({ raw: poison, reason: 'The database rejects a value of the event (23514).' });
    expect(await fixture.missing(poison)).toEqual([]);
  });
});
