import type { InviteMailMessage, InviteMailSettledMessage, MailOutcome } from '@guildhall/contracts';
import { normaliseEmail } from './email.ts';
import { invitedAddressId } from './registration-store.ts';
import { inviteMailRate, noticeLifetimeSeconds } from './limits.ts';
import type { Mail, SealMail } from './mails.ts';
import { secondsAfter, type Now, type Random, type SecretHashes } from './random.ts';
import type { Database, Stores } from './stores.ts';

/** The event by which the sender of a request hears what became of its mail. */
export const mailSettled = (
  { newId, at }: { readonly newId: () => string; readonly at: Date },
  requestId: string,
  outcome: MailOutcome,
): InviteMailSettledMessage => ({
  id: newId(),
  kind: 'invite-mail-settled',
  occurredAt: at.toISOString(),
  payload: { requestId, outcome },
});

const nameCharactersMax = 100;

/**
 * A name that a user chose, as a mail may carry it to a stranger: one line without control characters, and without what mail
 * programs make a link of. So an invite cannot be used to send advertisements.
 */
export const plainName = (name: string): string =>
  name
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .replaceAll(/(?<=\S)[.:/\\@\u3002\uff0e\uff61](?=\S)/gu, ' ')
    .replaceAll(/[:/\\@]{2,}/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, nameCharactersMax);

export interface InviteLinkParts {
  readonly publicUrl: string;
  readonly inviteTokenOf: (inviteId: string) => string;
}

/** The mail of an invite. The token travels in the fragment of the link, which browsers send to no server. */
export const inviteMail = (
  { publicUrl, inviteTokenOf }: InviteLinkParts,
  { inviteId, email, role, communityName, inviterName, expiresAt }: InviteMailMessage['payload'],
): Mail => ({
  to: email,
  subject: 'You are invited to a community at Guildhall',
  text: [
    `${plainName(inviterName) || 'A member'} invites you to the community “${plainName(communityName)}” with the role ${role}.`,
    '',
    `Until ${expiresAt.slice(0, 16).replace('T', ' ')} UTC you can look at the invite, and accept or decline it, at`,
    `${publicUrl.replace(/\/+$/, '')}/#/invites/${inviteTokenOf(inviteId)}`,
    '',
    'It is for this address alone: sign in or register with it. If you do not know who invites you, there is nothing for you to do.',
    '',
  ].join('\n'),
});

export interface QueueInviteMailParts extends InviteLinkParts {
  readonly database: Database;
  readonly random: Pick<Random, 'newId'>;
  readonly hashes: Pick<SecretHashes, 'hashSubject'>;
  readonly sealMail: SealMail;
  readonly now: Now;
  /** False: this installation has no mail server, and people pass links on themselves. */
  readonly hasMailServer: boolean;
  /** Called after the commit that queued a mail. */
  readonly onMailQueued: () => void;
}

const earlier = (one: Date, other: Date): Date => (one < other ? one : other);

const prepare = ({ random, hashes, sealMail, now, ...link }: QueueInviteMailParts, { id, payload }: InviteMailMessage) => {
  const at = now();
  const mailId = random.newId();
  const expiresAt = earlier(new Date(payload.expiresAt), secondsAfter(at, noticeLifetimeSeconds));
  return {
    at,
    requestId: id,
    settledId: random.newId(),
    invited: { id: invitedAddressId(hashes, payload.email), expiresAt: new Date(payload.expiresAt) },
    addressDigest: hashes.hashSubject(`mail ${normaliseEmail(payload.email)}`),
    mail: { id: mailId, sealedMail: sealMail(mailId, inviteMail(link, payload)), expiresAt, requestId: id },
  };
};

/** Queues the mail, once per event. Returns the outcome of one that is not sent; null for one that waits, or was taken before. */
const queueOnce = async (
  { inbox, mails, registrations }: Stores,
  { at, requestId, addressDigest, invited, mail }: ReturnType<typeof prepare>,
  hasMailServer: boolean,
): Promise<MailOutcome | null> => {
  if (!(await inbox.take(requestId, 'invite-mail'))) return null;
  await registrations.invite(invited, at);
  if (!hasMailServer) return 'unavailable';
  if (mail.expiresAt <= at) return 'failed';
  if (!(await mails.spendRate(addressDigest, inviteMailRate, at))) return 'held';
  await mails.add(mail, at);
  return null;
};

/** Queues the mails of invites, once per event, and says at once which ones are not sent. Idempotent by event id. */
export const createQueueInviteMails =
  (parts: QueueInviteMailParts) =>
  async (messages: readonly InviteMailMessage[]): Promise<void> => {
    for (const message of messages) {
      const prepared = prepare(parts, message);
      await parts.database.inTransaction(async (stores) => {
        const outcome = await queueOnce(stores, prepared, parts.hasMailServer);
        if (outcome === null) return;
        const { at, requestId, settledId } = prepared;
        await stores.outbox.append([mailSettled({ newId: () => settledId, at }, requestId, outcome)]);
      });
    }
    parts.onMailQueued();
  };
