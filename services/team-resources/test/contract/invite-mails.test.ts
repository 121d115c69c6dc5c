import { createHash, randomUUID } from 'node:crypto';
import type { Invite, InviteMailMessage, MailOutcome, NewInvite } from '@guildhall/contracts';
import { createConsumer, createPublisher, type Consumer, type Publisher } from '@guildhall/events';
import { createLog } from '@guildhall/http';
import { identityOf, waitFor } from '@guildhall/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { outboxOf } from '../support/outbox.ts';
import { newPlace, type Place } from '../support/people.ts';
import { newUser, noSuch, problem, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const log = createLog({ service: 'test', level: 'silent' });
const { service, outbox } = useTeamService({ hasQueue: true });

const asked: InviteMailMessage[] = [];
let auth: Consumer;
let publisher: Publisher;
const handle = async (messages: readonly InviteMailMessage[]): Promise<void> => void asked.push(...messages);
beforeAll(() => {
  auth = createConsumer({
    queueUrl: service.databaseUrl,
    kind: 'invite-mail',
    handle,
    isReady: () => true,
    publicKeys: identityOf('auth').publicKeys,
    log,
  });
  publisher = createPublisher({ queueUrl: service.databaseUrl, identity: identityOf('auth'), log });
});
afterAll(async () => {
  await auth.close();
  await publisher.close();
});

const invite = async (place: Place, body: object): Promise<NewInvite> =>
  (await service.as(place.owner)('POST', `/v1/communities/${place.id}/invites`, { body })).body as NewInvite;
const toAddress = (place: Place, email = newUser('Grace').email): Promise<NewInvite> => invite(place, { role: 'viewer', email });
const sendAgain = (place: Place, id: string, user: User = place.owner) =>
  service.as(user)('POST', `/v1/communities/${place.id}/invites/${id}/send`);
const nthRequest = (inviteId: string, count: number): Promise<InviteMailMessage> =>
  waitFor(() => asked.filter(({ payload }) => payload.inviteId === inviteId)[count - 1], {
    what: `request ${count} for the mail`,
    timeoutMs: 20_000,
  });
const settle = (requestId: string, outcome: MailOutcome) => ({
  id: randomUUID(),
  kind: 'invite-mail-settled' as const,
  occurredAt: new Date().toISOString(),
  payload: { requestId, outcome },
});
const deliveryOf = async (place: Place, id: string): Promise<string | undefined> => {
  const { body } = await service.as(place.owner)('GET', `/v1/communities/${place.id}/invites`);
  return (body as { items: Invite[] }).items.find((each) => each.id === id)?.delivery;
};
const lastSentSecondsAgo = (id: string, seconds: number) =>
  outbox.run(`UPDATE team.invites SET resent_at = now() - interval '${seconds} seconds' WHERE id = '${id}'`);

test('an invite to an address asks auth for its mail, without its token; a link asks for none', async () => {
  const place = await newPlace(service);
  const link = await invite(place, { role: 'member' });
  const email = `Ben.${randomUUID()}@Example.org`;
  const { id, token, delivery, expiresAt } = await invite(place, { role: 'moderator', email });
  expect([link.delivery, delivery]).toEqual(['link_only', 'waiting']);
  const request = await nthRequest(id, 1);
  expect(request.payload).toEqual({
    inviteId: id,
    email: email.toLowerCase(),
    role: 'moderator',
    communityName: 'Night shift',
    inviterName: place.owner.displayName,
    expiresAt,
  });
  expect(asked.filter(({ payload }) => payload.inviteId === link.id)).toEqual([]);
  const stored = await outbox.run('SELECT to_jsonb(o)::text AS row FROM team.outbox_events o WHERE true');
  expect(JSON.stringify([stored, asked])).not.toContain(token);
});

test.each([
  ['sent', 'sent'],
  ['refused', 'refused'],
  ['failed', 'failed'],
  ['held', 'held'],
  ['unavailable', 'link_only'],
] as const)('an invite whose mail is settled as %s shows %s', async (outcome, delivery) => {
  const place = await newPlace(service);
  const { id } = await toAddress(place);
  await publisher.publish('invite-mail-settled', [settle((await nthRequest(id, 1)).id, outcome)]);
  const isSettled = async (): Promise<boolean> => (await deliveryOf(place, id)) !== 'waiting';
  await waitFor(isSettled, { what: 'the mail to be settled', timeoutMs: 20_000 });
  expect(await deliveryOf(place, id)).toBe(delivery);
});

test('a mail is sent again with the same link, and only what became of the last one counts, also when it is said twice', async () => {
  const place = await newPlace(service);
  const { id, token: _token, ...made } = await toAddress(place);
  const first = await nthRequest(id, 1);
  expect(await sendAgain(place, id)).toEqual({ status: 200, etag: undefined, body: { id, ...made, delivery: 'waiting' } });
  const second = await nthRequest(id, 2);
  expect(second.payload).toEqual(first.payload);
  const [sent, late] = [settle(second.id, 'sent'), settle(first.id, 'refused')];
  await publisher.publish('invite-mail-settled', [late, sent, sent]);
  await waitFor(async () => (await deliveryOf(place, id)) === 'sent', { what: 'the last mail to be sent', timeoutMs: 20_000 });
  await publisher.publish('invite-mail-settled', [late, settle(second.id, 'failed')]);
  const marker = await toAddress(place);
  await publisher.publish('invite-mail-settled', [settle((await nthRequest(marker.id, 1)).id, 'sent')]);
  await waitFor(async () => (await deliveryOf(place, marker.id)) === 'sent', { timeoutMs: 20_000 });
  expect(await deliveryOf(place, id)).toBe('sent');
  expect((await outboxOf(outbox, place.id)).filter(({ action }) => action === 'invite.send')).toMatchObject([
    { actor: { id: place.owner.userId }, resource: { type: 'invite', id }, result: 'success' },
  ]);
});

test('sending again has a pause of a minute, and ends after ten mails', async () => {
  const place = await newPlace(service);
  const { id } = await toAddress(place);
  expect((await sendAgain(place, id)).status).toBe(200);
  expect(await sendAgain(place, id)).toEqual(problem(429, 'RATE_LIMITED', 'This invite was sent again less than a minute ago.'));
  await lastSentSecondsAgo(id, 60);
  expect((await sendAgain(place, id)).status).toBe(200);
  await lastSentSecondsAgo(id, -3600);
  expect((await sendAgain(place, id)).status).toBe(200);
  await outbox.run(`UPDATE team.invites SET mails_requested = 10, resent_at = NULL WHERE id = '${id}'`);
  expect(await sendAgain(place, id)).toEqual(
    problem(422, 'UNPROCESSABLE', 'This invite was sent 10 times already. Make a new one.'),
  );
});

test('of several callers at once one sends', async () => {
  const place = await newPlace(service);
  const { id } = await toAddress(place);
  const answers = await Promise.all(Array.from({ length: 8 }, () => sendAgain(place, id)));
  expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, ...Array<number>(7).fill(429)]);
  expect(await outbox.run(`SELECT mails_requested::int4 AS count FROM team.invites WHERE id = '${id}'`)).toEqual([{ count: 2 }]);
});

test('who may not make such an invite does not send it, and none that is over or to no address is sent', async () => {
  const place = await newPlace(service, ['member', 'moderator']);
  const [member = newUser(), moderator = newUser()] = place.members;
  const { id } = await invite(place, { role: 'admin', email: newUser().email });
  expect(await sendAgain(place, id, member)).toEqual(
    problem(403, 'FORBIDDEN', 'Your role here, member, does not include invite:create.'),
  );
  expect(await sendAgain(place, id, moderator)).toEqual(problem(403, 'FORBIDDEN', 'Nobody invites to a role above their own.'));
  expect(await sendAgain(place, id, newUser())).toEqual(noSuch('community'));
  expect(await sendAgain(place, randomUUID())).toEqual(noSuch('invite'));
  const other = await newPlace(service);
  expect(await sendAgain(other, id)).toEqual(noSuch('invite'));
  const link = await invite(place, { role: 'member' });
  expect(await sendAgain(place, link.id)).toEqual(
    problem(422, 'UNPROCESSABLE', 'This invite is to no address: pass its link on yourself.'),
  );
  await service.as(place.owner)('DELETE', `/v1/communities/${place.id}/invites/${id}`);
  expect(await sendAgain(place, id)).toEqual(problem(410, 'GONE', 'This invite is no longer open: it is revoked.'));
});

test('sending again makes the link of the mail good, also after the key that tokens are derived with was replaced', async () => {
  const place = await newPlace(service);
  const guest = newUser('Grace');
  const { id, token } = await toAddress(place, guest.email);
  const hash = createHash('sha256').update('the token of another key').digest('hex');
  await outbox.run(`UPDATE team.invites SET token_hash = '${hash}' WHERE id = '${id}'`);
  expect(await service.as(guest)('POST', '/v1/invites/look', { body: { token } })).toEqual(noSuch('invite'));
  await sendAgain(place, id);
  expect((await service.as(guest)('POST', '/v1/invites/accept', { body: { token } })).status).toBe(200);
  expect(await service.as(guest)('POST', '/v1/invites/accept', { body: { token: 'the token of another key' } })).toEqual(
    noSuch('invite'),
  );
});
