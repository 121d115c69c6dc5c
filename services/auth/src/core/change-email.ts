import { AppError } from '@guildhall/errors';
import type { AuditDraft, RequestContext, SignedInCaller } from '@guildhall/resources';
import { requireOwnPassword, type PasswordCheckParts } from './check-password.ts';
import type { ChangedEmail, CodeAttempt } from './code-store.ts';
import { wrongCode } from './codes.ts';
import { normaliseEmail } from './email.ts';
import { codeAttemptsMax, codeLifetimeSeconds, noticeLifetimeSeconds } from './limits.ts';
import { addressMailSubject, requireMailOfAsker, spendMailOfAddress } from './mail-pause.ts';
import { emailChangedMail, emailChangeMail, newEmailMail, type Mail, type QueuedMail, type SealMail } from './mails.ts';
import { findMe } from './me.ts';
import { userChanged } from './messages.ts';
import { secondsAfter, type Random } from './random.ts';
import { parseSecretToken, secretTokenOf } from './secret-token.ts';
import type { SessionsLinks } from './sessions-link.ts';
import { sessionRevocation } from './sessions.ts';
import type { Stores } from './stores.ts';

type Context = RequestContext<SignedInCaller>;

export interface ChangeEmailParts extends PasswordCheckParts {
  readonly random: Random;
  readonly sealMail: SealMail;
  readonly sessionsLinks: SessionsLinks;
  /** Called after the commit that queued a mail. */
  readonly onMailQueued: () => void;
}

const purpose = 'change_email';

const draftOf = ({ caller }: Context, name: string): AuditDraft => ({
  action: 'user.change-email',
  resource: { type: 'user', id: caller.userId, name },
});

/**
 * Mails a code to an address that is to become the caller's, and returns the code token that it is good with. Does the same when the address
 * has an account, but mails nothing. Throws SESSION_ENDED, WRONG_PASSWORD, REAUTHENTICATION_REQUIRED, RATE_LIMITED, and CONFLICT for the address that the caller has.
 */
export const createSendEmailCode = (parts: ChangeEmailParts) =>
  async function sendEmailCode(
    context: Context,
    { newEmail, password }: { readonly newEmail: string; readonly password?: string | undefined },
  ): Promise<string> {
    const { database, random, hashes, sealMail, onMailQueued } = parts;
    const { caller } = context;
    const at = new Date(context.at);
    const email = normaliseEmail(newEmail);
    const me = await findMe(database, context);
    if (email === me.email) throw new AppError('CONFLICT', 'This is your address already.');
    await requireOwnPassword(parts, context, { email: me.email, password, draft: draftOf(context, me.displayName) });
    await requireMailOfAsker(parts, { email, ip: caller.actor.ip ?? '' }, at);
    const [id, secret, code, mailId] = [random.newId(), random.newSecret(), random.newCode(), random.newId()];
    const expiresAt = secondsAfter(at, codeLifetimeSeconds);
    const codeHash = hashes.hashCode(email, purpose, code);
    const issued = { id, email, purpose: 'verify_email', secretHash: hashes.hashSecret(secret), codeHash, expiresAt } as const;
    const mail = { id: mailId, sealedMail: sealMail(mailId, emailChangeMail(email, code, at)), expiresAt };
    const subject = addressMailSubject(hashes, email);
    await database.inTransaction(async (stores) => {
      if (await spendMailOfAddress(stores, subject, at)) await stores.codes.issueEmailChange(issued, caller, mail, at);
    });
    onMailQueued();
    return secretTokenOf(id, secret);
  };

export interface EmailChange {
  readonly newEmail: string;
  readonly codeToken: string;
  readonly code: string;
}

/**
 * Spends a code and makes its address that of the caller's account; all other sessions and the access tokens of before end, and both addresses
 * are told. Throws SESSION_ENDED, WRONG_CODE, whatever is wrong with it, and CONFLICT when the address was taken meanwhile.
 */
export const createChangeEmail = (parts: ChangeEmailParts) =>
  async function changeEmail(context: Context, request: EmailChange): Promise<void> {
    const { database, random, sealMail, sessionsLinks, onMailQueued } = parts;
    const { displayName } = await findMe(database, context);
    const email = normaliseEmail(request.newEmail);
    const refused = async () => {
      await context.recordDenial(draftOf(context, displayName));
      return wrongCode();
    };
    const attempt = attemptOf(parts, email, request);
    if (attempt === null) throw await refused();
    const at = new Date(context.at);
    const notices = (changed: ChangedEmail): readonly Mail[] => [
      emailChangedMail(changed.emailBefore, at, sessionsLinks.linkOf(context.caller.userId, at)),
      newEmailMail(email, at),
    ];
    const ids = [random.newId(), random.newId()];
    const isDone = await database.inTransaction(async (stores) => {
      const changed = await stores.codes.changeEmail(attempt, context.caller, at);
      if (changed === null) return false;
      await recordChange(stores, context, changed, email);
      for (const [index, mail] of notices(changed).entries())
        await stores.mails.add(queued(ids[index] ?? '', sealMail, mail, at), at);
      return true;
    });
    if (!isDone) throw await refused();
    onMailQueued();
  };

const queued = (id: string, sealMail: SealMail, mail: Mail, at: Date): QueuedMail => ({
  id,
  sealedMail: sealMail(id, mail),
  expiresAt: secondsAfter(at, noticeLifetimeSeconds),
});

const attemptOf = (
  { hashes }: ChangeEmailParts,
  email: string,
  { codeToken, code }: Pick<EmailChange, 'codeToken' | 'code'>,
): CodeAttempt | null => {
  const token = parseSecretToken(codeToken);
  if (token === null) return null;
  const codeHash = hashes.hashCode(email, purpose, code);
  return { id: token.id, secretHash: hashes.hashSecret(token.secret), codeHash, attemptsMax: codeAttemptsMax };
};

const recordChange = async (
  { sessions, outbox }: Stores,
  context: Context,
  changed: ChangedEmail,
  email: string,
): Promise<void> => {
  const ended = (await sessions.revokeOthers(context.caller, new Date(context.at))) ?? [];
  await outbox.append([
    context.audit('success', {
      ...draftOf(context, changed.displayName),
      changes: [{ path: '/email', before: changed.emailBefore, after: email }],
    }),
    ...ended.map((id) => context.audit('success', sessionRevocation(id, 'email-changed'))),
    userChanged(context, { id: context.caller.userId, ...changed }),
  ]);
};
