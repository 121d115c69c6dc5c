import { generateKeyPairSync } from 'node:crypto';
import { createPublisher, type PublisherParts } from '@guildhall/events';
import { identityOf, waitFor } from '@guildhall/testkit';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { eventOf, startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ hasQueue: true });
});
afterAll(() => fixture.close());

const publisherOf = (identity: PublisherParts['identity']) => {
  const publisher = createPublisher({ queueUrl: fixture.config.queueUrl ?? '', identity, log: fixture.log });
  onTestFinished(() => publisher.close());
  return publisher;
};
const unverified = () => fixture.metric('audit_events_unverified_total');

interface RejectedPage {
  readonly items: readonly { readonly id: string; readonly raw: { readonly unverified: string }; readonly reason: string }[];
}
/** The dead letters that quote this text. */
const lettersWith = async (text: string) =>
  (await fixture.read<RejectedPage>('/v1/audit/rejected?limit=100')).body.items.filter(({ raw }) =>
    raw.unverified.includes(text),
  );

const keyOfNobody = { ...identityOf('team-resources'), privateKey: generateKeyPairSync('ed25519').privateKey };

describe('whoever has the password of the queue, but not the key of a service', () => {
  test('adds nothing to the trail, takes the place of no true event, and is told of', async () => {
    const genuine = eventOf({ action: 'role.assign' });
    const before = await unverified();
    await publisherOf(keyOfNobody).publish('audit', [{ ...genuine, payload: { ...genuine.payload, action: 'user.update' } }]);
    await waitFor(async () => (await unverified()) === before + 1, { what: 'the forgery to be counted' });
    const [letter] = await waitFor(async () => {
      const letters = await lettersWith(genuine.id);
      return letters.length > 0 && letters;
    });
    expect(letter?.reason).toBe('The message cannot be trusted: team-resources has not signed it: it was forged or altered.');
    expect((await fixture.read(`/v1/audit/events/${genuine.id}`)).status).toBe(404);
    // The outbox of the service still has the true event to publish.
    expect(await fixture.unconfirmed(genuine)).toEqual({ missing: [genuine.id], altered: [] });
    expect(fixture.lines.some((line) => line.includes('not written by whom it names'))).toBe(true);

    await publisherOf(identityOf('team-resources')).publish('audit', [genuine]);
    await waitFor(async () => (await fixture.missing(genuine)).length === 0, { what: 'the true event' });
    const stored = await fixture.read<{ action: string }>(`/v1/audit/events/${genuine.id}`);
    expect(stored.body.action).toBe('role.assign');
  });

  test('gets a forgery into the trail neither by trying it again', async () => {
    const event = eventOf();
    await publisherOf(keyOfNobody).publish('audit', [event]);
    const [letter] = await waitFor(async () => {
      const letters = await lettersWith(event.id);
      return letters.length > 0 && letters;
    });
    const headers = await fixture.asCaller('installation:manage');
    expect((await fixture.ask('POST', `/v1/audit/rejected/${letter?.id ?? ''}/retry`, { headers })).status).toBe(422);
    expect((await fixture.read(`/v1/audit/events/${event.id}`)).status).toBe(404);
  });
});

describe('whoever has the key of one service', () => {
  test('writes no event in the name of another', async () => {
    const event = eventOf({ service: 'auth' });
    await publisherOf(identityOf('team-resources')).publish('audit', [event]);
    const [letter] = await waitFor(async () => {
      const letters = await lettersWith(event.id);
      return letters.length > 0 && letters;
    });
    expect(letter?.reason).toContain('team-resources has written it in the name of another service');
    expect((await fixture.read(`/v1/audit/events/${event.id}`)).status).toBe(404);
  });

  test('who takes the id of an event of another service makes nobody forget that event, and is told of', async () => {
    const ofAuth = eventOf({ service: 'auth', action: 'role.assign' });
    const squatting = eventOf({ id: ofAuth.id });
    const counted = await fixture.metric('audit_events_altered_total');
    await publisherOf(identityOf('team-resources')).publish('audit', [squatting]);
    await waitFor(async () => (await fixture.missing(squatting)).length === 0, { what: 'it to be stored' });
    expect(await fixture.unconfirmed(ofAuth)).toEqual({ missing: [], altered: [ofAuth.id] });
    expect(await fixture.metric('audit_events_altered_total')).toBe(counted + 1);
    expect(fixture.lines.some((line) => line.includes(ofAuth.id) && line.includes('other events are stored'))).toBe(true);
  });

  test('who writes a dead letter under the id of an event of another service makes nobody forget that event', async () => {
    const ofAuth = eventOf({ service: 'auth' });
    const junk = { ...ofAuth, payload: { ...ofAuth.payload, result: 'perhaps' } } as unknown as typeof ofAuth;
    await publisherOf(identityOf('team-resources')).publish('audit', [junk]);
    await waitFor(async () => (await fixture.missing(junk)).length === 0, { what: 'it to be set aside' });
    expect(await fixture.unconfirmed(ofAuth)).toEqual({ missing: [ofAuth.id], altered: [] });
  });
});

describe('an event is confirmed', () => {
  test.each([
    ['as it was written', {}],
    ['without optional parts', { changes: undefined, communityId: undefined }],
    [
      'with ids in capitals',
      { communityId: '3C4D5E6F-7A8B-4C9D-8E1F-2A3B4C5D6E7F', sessionId: '2E3F4A5B-6C7D-4E8F-9A0B-1C2D3E4F5A6B' },
    ],
    ['with numbers and texts of every kind', { changes: [{ path: '/n', before: -0, after: [1e21, 0.1, 'é\u2028', null] }] }],
    ['with an empty list of changes', { changes: [] }],
  ])('%s', async (_how, { sessionId, ...parts }: { sessionId?: string; [part: string]: unknown }) => {
    const actor = { type: 'user' as const, id: 'ada', ip: '', userAgent: 'x', ...(sessionId === undefined ? {} : { sessionId }) };
    const defined = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
    const event = eventOf({ actor, ...defined, occurredAt: '2026-03-01T11:00:00.123+01:00' });
    await fixture.report(event);
    expect(await fixture.unconfirmed(event)).toEqual({ missing: [], altered: [] });
    expect(await fixture.unconfirmed(eventOf({ ...defined, actor, id: event.id, requestId: 'another' }))).toEqual({
      missing: [],
      altered: [event.id],
    });
  });
});
