import { randomUUID } from 'node:crypto';
import type { InviteMailMessage, InviteMailSettledMessage, MailOutcome } from '@guildhall/contracts';
import { createConsumer, createPublisher, eventDigest } from '@guildhall/events';
import { createLog } from '@guildhall/http';
import { createInviteTokenOf } from '@guildhall/principal';
import { freshDatabase, identityOf, internalKey, waitFor } from '@guildhall/testkit';
import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { inviteMailRate } from '../../src/core/limits.ts';
import { startFixture, type Fixture } from './fixture.ts';

const log = createLog({ service: 'test', level: 'silent' });

const outcomeWithinMs = 20_000;

/** A queue, and team-resources as auth sees it there: it asks for mails, and hears what became of them. */
const openQueue = async () => {
  const database = await freshDatabase({ services: [] });
  const { url: queueUrl } = database;
  const settled: InviteMailSettledMessage[] = [];
  const publisher = createPublisher({ queueUrl, identity: identityOf('team-resources'), log });
  const consumer = createConsumer({
    queueUrl,
    kind: 'invite-mail-settled',
    handle: async (messages) => void settled.push(...messages),
    isReady: () => true,
    publicKeys: identityOf('auth').publicKeys,
    log,
  });
  const outcomeOf = (requestId: string): Promise<MailOutcome> =>
    waitFor(() => settled.find(({ payload }) => payload.requestId === requestId)?.payload.outcome, {
      what: 'the outcome of the mail',
      timeoutMs: outcomeWithinMs,
    });
  return {
    url: queueUrl,
    settled,
    publish: (...asked: readonly InviteMailMessage[]) => publisher.publish('invite-mail', asked),
    outcomeOf,
    /** Closes the queue after the service on it. */
    close: async (service: Fixture): Promise<void> => {
      await consumer.close();
      await publisher.close();
      await service.close();
      await database.drop();
    },
  };
};

let queue: Awaited<ReturnType<typeof openQueue>>;
let fixture: Fixture;
beforeAll(async () => {
  queue = await openQueue();
  fixture = await startFixture({ env: { QUEUE_URL: queue.url } });
});
afterEach(() => fixture.mailbox.refuse(false));
afterAll(() => queue.close(fixture));

const mailsTo = (email: string) => fixture.mailbox.mails.filter(({ to }) => to === email);
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
test('an invite is mailed with who invites, to what, as what, until when, and the link; the queue never held its token', async () => {
  const email = fixture.newEmail();
  const asked = request(email);
  await queue.publish(asked);
  const { text } = await fixture.mailbox.nthTo(email, 1);
  expect(text).toContain('Ada Lovelace invites you to the community “Night shift” with the role moderator.');
  expect(text).toContain('Until 2999-02-07 08:30 UTC');
  const token = createInviteTokenOf(internalKey)(asked.payload.inviteId);
  expect(text).toContain(`http://guildhall.test/#/invites/${token}`);
  expect(await queue.outcomeOf(asked.id)).toBe('sent');
  expect(JSON.stringify([asked, queue.settled])).not.toContain(token);
  expect(fixture.lines.filter((line) => line.includes(token))).toEqual([]);
});

const Waiting = uncheckedRow({ sealedMail: Type.String() });

test('a mail that waits for the server is sealed, is sent once the server takes it, and an event that comes again sends none', async () => {
  const email = fixture.newEmail();
  const asked = request(email);
  const refusalsBefore = fixture.mailbox.refusals();
  fixture.mailbox.refuse(true);
  await queue.publish(asked, asked);
  await waitFor(() => fixture.mailbox.refusals() > refusalsBefore, { what: 'a first try', timeoutMs: outcomeWithinMs });
  const waiting = await fixture.tables.connection.any(sql.type(Waiting)`SELECT sealed_mail FROM auth.outgoing_mails`);
  expect(waiting).toHaveLength(1);
  expect(JSON.stringify(waiting)).not.toContain('Night shift');
  fixture.mailbox.refuse(false);
  fixture.clock.advance(120);
  expect(await queue.outcomeOf(asked.id)).toBe('sent');
  await queue.publish(asked);
  const other = request(fixture.newEmail());
  await queue.publish(other);
  await queue.outcomeOf(other.id);
  expect(mailsTo(email)).toHaveLength(1);
  expect(queue.settled.filter(({ payload }) => payload.requestId === asked.id)).toHaveLength(1);
});

test.each([
  ['refused', 'a mail whose address the server refuses for good', {}],
  ['failed', 'a mail of an invite that has expired', { expiresAt: '2026-01-01T00:00:00.000Z' }],
] as const)('the outcome is "%s" for %s', async (outcome, _what, payload) => {
  fixture.mailbox.refuse(true, 550, 'receiver');
  const email = fixture.newEmail();
  const asked = request(email, payload);
  await queue.publish(asked);
  expect(await queue.outcomeOf(asked.id)).toBe(outcome);
  expect(mailsTo(email)).toEqual([]);
});

test('without a mail server the sender hears so, and the token is in no file and no log line', async () => {
  const own = await openQueue();
  const alone = await startFixture({ env: { QUEUE_URL: own.url, SMTP_URL: '', MAIL_FOLDER: '/nonexistent/mails' } });
  onTestFinished(() => own.close(alone));
  const asked = request(alone.newEmail());
  await own.publish(asked);
  expect(await own.outcomeOf(asked.id)).toBe('unavailable');
  expect(alone.lines.filter((line) => line.includes('mail written'))).toEqual([]);
});

test('an address gets three invites at once and then one a pause, whoever asks and however it is written', async () => {
  const email = fixture.newEmail();
  const asked = Array.from({ length: 12 }, (_, at) => request(at % 2 === 0 ? email : email.toUpperCase()));
  await Promise.all(asked.map((each) => queue.publish(each)));
  const outcomes = await Promise.all(asked.map(({ id }) => queue.outcomeOf(id)));
  expect(outcomes.filter((outcome) => outcome === 'sent')).toHaveLength(3);
  expect(outcomes.filter((outcome) => outcome === 'held')).toHaveLength(9);
  fixture.clock.advance(inviteMailRate.pauseSeconds + 1);
  const [next, tooSoon] = [request(email), request(email)];
  await queue.publish(next, tooSoon);
  expect([await queue.outcomeOf(next.id), await queue.outcomeOf(tooSoon.id)]).toEqual(['sent', 'held']);
  fixture.clock.advance(-10 * inviteMailRate.pauseSeconds);
  const afterSetBack = request(email);
  await queue.publish(afterSetBack);
  expect(await queue.outcomeOf(afterSetBack.id)).toBe('sent');
});

test('what is no request for a mail becomes a dead letter, blocks nobody, and is not asked for again', async () => {
  const good = request(fixture.newEmail());
  const bad = { ...request(fixture.newEmail()), payload: { shape: 'of another time' } } as unknown as InviteMailMessage;
  await queue.publish(bad, good);
  expect(await queue.outcomeOf(good.id)).toBe('sent');
  const unknown = request(fixture.newEmail());
  const { body } = await fixture.ask('POST', '/internal/events/missing', {
    body: { kind: 'invite-mail', events: [bad, good, unknown].map((event) => ({ id: event.id, digest: eventDigest(event) })) },
    headers: await fixture.asService('team-resources'),
  });
  expect(body).toEqual({ missing: [unknown.id], altered: [] });
});
