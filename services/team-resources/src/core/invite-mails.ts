import {
  includesRole,
  type AuditEventMessage,
  type HeldRole,
  type Invite,
  type InviteMailMessage,
  type InviteMailSettledMessage,
} from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  notFound,
  requireAllowed,
  requireFound,
  requireRole,
  retryCompareAndSwap,
  type RequestContext,
} from '@guildhall/resources';
import { inviteMailOf } from './invite-mail-event.ts';
import { inviteDraft, requireOpen, type InviteToken } from './invites.ts';

/** An invite whose mail is to be sent again, with the caller's role. */
export interface MailTarget {
  readonly role: HeldRole;
  readonly communityName: string;
  readonly invite: Invite | undefined;
  /** The role that the invite gives, as its holder will hold it. */
  readonly invitedRole: HeldRole | undefined;
  readonly mailsRequested: number;
  /** When it was last sent again, in ISO 8601; null if it never was. */
  readonly resentAt: string | null;
}

export interface MailRequestWrite {
  readonly communityId: string;
  readonly userId: string;
  readonly inviteId: string;
  /** The digest of the token that the mail will carry. */
  readonly tokenHash: string;
  /** The number of mails that were asked for when the invite was read. */
  readonly mailsRequested: number;
  readonly at: string;
  readonly event: AuditEventMessage;
  readonly mail: InviteMailMessage;
}

/** The mails of invites, which auth sends. */
export interface InviteMailStore {
  /** Undefined when the user does not belong to the community. */
  findMailTarget(userId: string, communityId: string, inviteId: string, at: string): Promise<MailTarget | undefined>;
  /** Stores the request and its events, or neither: false when the invite or the caller's rights changed since it was read. */
  requestMail(write: MailRequestWrite): Promise<boolean>;
  /** Stores what became of mails, unless another one was asked for since. Idempotent by event id. */
  settle(messages: readonly InviteMailSettledMessage[]): Promise<void>;
}

const resendPauseSeconds = 60;
const mailsMax = 10;

const requireSendable = (invite: Invite, { mailsRequested, resentAt }: MailTarget, at: string): void => {
  if (invite.email === null) throw new AppError('UNPROCESSABLE', 'This invite is to no address: pass its link on yourself.');
  requireOpen(invite);
  if (mailsRequested >= mailsMax)
    throw new AppError('UNPROCESSABLE', `This invite was sent ${mailsMax} times already. Make a new one.`);
  if (resentAt === null) return;
  const elapsedSeconds = (Date.parse(at) - Date.parse(resentAt)) / 1000;
  // Requests at once may be stored out of order. One far in the future is of a clock that was set back.
  if (Math.abs(elapsedSeconds) < resendPauseSeconds)
    throw new AppError('RATE_LIMITED', 'This invite was sent again less than a minute ago.', {
      retryAfterSeconds: Math.ceil(resendPauseSeconds - elapsedSeconds),
    });
};

/**
 * Asks for the mail of an open invite again. Whoever may make such an invite may send it. Throws NOT_FOUND, FORBIDDEN, GONE,
 * UNPROCESSABLE for an invite to no address or one that was sent too often, RATE_LIMITED within a minute.
 */
export const sendInvite = (
  store: InviteMailStore,
  context: RequestContext,
  { communityId, token }: { readonly communityId: string; readonly token: InviteToken },
): Promise<Invite> =>
  retryCompareAndSwap(async () => {
    const { at, caller } = context;
    const { id: inviteId, tokenHash } = token;
    const target = await requireFound('community', store.findMailTarget(caller.userId, communityId, inviteId, at));
    const { role, invite, invitedRole, communityName, mailsRequested } = target;
    const draft = inviteDraft('invite.send', { id: inviteId }, communityId);
    await requireRole(context, role, 'invite:create', draft);
    if (invite === undefined || invitedRole === undefined) throw notFound('invite');
    await requireAllowed(context, includesRole(role, invitedRole), draft, 'Nobody invites to a role above their own.');
    requireSendable(invite, target, at);
    const mail = inviteMailOf(context, invite, communityName);
    if (mail === null) return undefined;
    const event = context.audit('success', draft);
    const write = { communityId, userId: caller.userId, inviteId, tokenHash, mailsRequested, at, event, mail };
    return (await store.requestMail(write)) ? { ...invite, delivery: 'waiting' } : undefined;
  });
