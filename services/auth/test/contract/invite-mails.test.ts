import { randomUUID } from 'node:crypto';
import type { InviteMailMessage, InviteMailSettledMessage, MailOutcome } from '@guildhall/contracts';
import { createConsumer, createPublisher, eventDigest, type Consumer, type Publisher } from '@guildhall/events';
import { createLog } from '@guildhall/http';
import { createInviteTokenOf } from '@guildhall/principal';
import { freshDatabase, identityOf, internalKey, waitFor, type FreshDatabase } from '@guildhall/testkit';
import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inviteMailRate } from '../../src/core/limits.ts';
import { startFixture, type Fixture } from './fixture.ts';

const log = createLog({ service: 'test', level: 'silent' });

let queue: FreshDatabase;
let fixture: Fixture;
let publisher: Publisher;
let team: Consumer;
let settled: InviteMailSettledMessage[];

beforeEach(async () => {
  queue = await freshDatabase({ services: [] });
  settled = [];
  publisher = createPublisher({ queueUrl: queue.url, identity: identityOf('team-resources'), log });
  team = createConsumer({
    queueUrl: queue.url,
    kind: 'invite-mail-settled',
    handle: async (messages) => void settled.push(...messages),
    isReady: () => true,
    publicKeys: identityOf('auth').publicKeys,
    log,
  });
});
afterEach(async () => {
  await team.close();
  await publisher.close();
  await fixture.close();
  await queue.drop();
});

const startOnQueue = async (env: Readonly<Record<string, string>> = {}): Promise<void> => {
  fixture = await startFixture({ env: { QUEUE_URL: queue.url, ...env } });
};
const request = (email: string, payload: Partial<InviteMailMessage['payload']> = {}): InviteMailMessage => ({
  id: randomUUID(),
  kind: 'invite-mail',
  occurredAt: fixture.clock.now().toISOString(),
  payload: {
    inviteId: randomUUID(),
    email,
    role: 'moderator',
    communityName: 'Night shift',
    inviterName: 'Ada Lovelace',
    expiresAt: '2999-02-07T08:30:00.000Z',
    ...payload,
  },
});
const outcomeOf = (requestId: string): Promise<MailOutcome> =>
  waitFor(() => settled.find(({ payload }) => payload.requestId === requestId)?.payload.outcome, {
    what: 'the outcome of the mail',
    timeoutMs: 20_000,
  });

test('an invite is mailed with who invites, to what, as what, until when, and the link; the queue never held its token', async () => {
  await startOnQueue();
  const email = fixture.newEmail();
  const asked = request(email);
  await publisher.publish('invite-mail', [asked]);
  const { text } = await fixture.mailbox.nthTo(email, 1);
  expect(text).toContain('Ada Lovelace invites you to the community “Night shift” with the role moderator.');
  expect(text).toContain('Until 2999-02-07 08:30 UTC');
  const token = createInviteTokenOf(internalKey)(asked.payload.inviteId);
  expect(text).toContain(`http://guildhall.test/#/invites/${token}`);
  expect(await outcomeOf(asked.id)).toBe('sent');
  expect(JSON.stringify([asked, settled])).not.toContain(token);
  expect(fixture.lines.filter((line) => line.includes(token))).toEqual([]);
});

const Waiting = uncheckedRow({ sealedMail: Type.String() });

test('a mail that waits for the server is sealed, is sent once the server takes it, and an event that comes again sends none', async () => {
  await startOnQueue();
  const email = fixture.newEmail();
  const asked = request(email);
  fixture.mailbox.refuse(true);
  await publisher.publish('invite-mail', [asked, asked]);
  await waitFor(() => fixture.mailbox.refusals() > 0, { what: 'a first try', timeoutMs: 20_000 });
  const waiting = await fixture.tables.connection.any(sql.type(Waiting)`SELECT sealed_mail FROM auth.outgoing_mails`);
  expect(waiting).toHaveLength(1);
  expect(JSON.stringify(waiting)).not.toContain('Night shift');
  fixture.mailbox.refuse(false);
  fixture.clock.advance(120);
  expect(await outcomeOf(asked.id)).toBe('sent');
  await publisher.publish('invite-mail', [asked]);
  const other = request(fixture.newEmail());
  await publisher.publish('invite-mail', [other]);
  await outcomeOf(other.id);
  expect(fixture.mailbox.mails.filter(({ to }) => to === email)).toHaveLength(1);
  expect(settled.filter(({ payload }) => payload.requestId === asked.id)).toHaveLength(1);
});

test.each([
  ['refused', 'a mail whose address the server refuses for good', {}],
  ['failed', 'a mail of an invite that has expired', { expiresAt: '2026-01-01T00:00:00.000Z' }],
] as const)('the outcome is "%s" for %s', async (outcome, _what, payload) => {
  await startOnQueue();
  fixture.mailbox.refuse(true, 550, 'receiver');
  const asked = request(fixture.newEmail(), payload);
  await publisher.publish('invite-mail', [asked]);
  expect(await outcomeOf(asked.id)).toBe(outcome);
  expect(fixture.mailbox.mails).toEqual([]);
});

test('without a mail server the sender hears so, and the token is in no file and no log line', async () => {
  await startOnQueue({ SMTP_URL: '', MAIL_FOLDER: '/nonexistent/mails' });
  const asked = request(fixture.newEmail());
  await publisher.publish('invite-mail', [asked]);
  expect(await outcomeOf(asked.id)).toBe('unavailable');
  expect(fixture.lines.filter((line) => line.includes('mail written'))).toEqual([]);
});

test('an address gets three invites at once and then one a pause, whoever asks and however it is written', async () => {
  await startOnQueue();
  const email = fixture.newEmail();
  const asked = Array.from({ length: 12 }, (_, at) => request(at % 2 === 0 ? email : email.toUpperCase()));
  await Promise.all(asked.map((each) => publisher.publish('invite-mail', [each])));
  const outcomes = await Promise.all(asked.map(({ id }) => outcomeOf(id)));
  expect(outcomes.filter((outcome) => outcome === 'sent')).toHaveLength(3);
  expect(outcomes.filter((outcome) => outcome === 'held')).toHaveLength(9);
  fixture.clock.advance(inviteMailRate.pauseSeconds + 1);
  const [next, tooSoon] = [request(email), request(email)];
  await publisher.publish('invite-mail', [next, tooSoon]);
  expect([await outcomeOf(next.id), await outcomeOf(tooSoon.id)]).toEqual(['sent', 'held']);
  fixture.clock.advance(-10 * inviteMailRate.pauseSeconds);
  const afterSetBack = request(email);
  await publisher.publish('invite-mail', [afterSetBack]);
  expect(await outcomeOf(afterSetBack.id)).toBe('sent');
});

test('what is no request for a mail becomes a dead letter, blocks nobody, and is not asked for again', async () => {
  await startOnQueue();
  const good = request(fixture.newEmail());
  const bad = { ...request(fixture.newEmail()), payload: { shape: 'of another time' } } as unknown as InviteMailMessage;
  await publisher.publish('invite-mail', [bad, good]);
  expect(await outcomeOf(good.id)).toBe('sent');
  const unknown = request(fixture.newEmail());
  const { body } = await fixture.ask('POST', '/internal/events/missing', {
    body: { kind: 'invite-mail', events: [bad, good, unknown].map((event) => ({ id: event.id, digest: eventDigest(event) })) },
    headers: await fixture.asService('team-resources'),
  });
  expect(body).toEqual({ missing: [unknown.id], altered: [] });
});
