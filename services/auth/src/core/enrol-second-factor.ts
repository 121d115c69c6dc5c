import { AppError } from '@guildhall/errors';
import { userActor, type AuditDraft, type RequestContext, type SignedInCaller } from '@guildhall/resources';
import type { Tokens } from './access-token.ts';
import { challengeEnded } from './challenges.ts';
import { requireOwnPassword, type PasswordCheckParts } from './check-password.ts';
import { recoveryHashOf } from './check-second-factor.ts';
import { wrongCode } from './codes.ts';
import { noticeLifetimeSeconds, recoveryCodesMax } from './limits.ts';
import { secondFactorAddedMail } from './mails.ts';
import { findMe } from './me.ts';
import { issueTokens, prepareSession } from './open-session.ts';
import { secondsAfter } from './random.ts';
import { findChallenge, finishSignIn, type SecondStepParts } from './second-step.ts';
import { sessionRevocation } from './sessions.ts';
import type { Activation } from './second-factor-store.ts';
import type { Stores } from './stores.ts';
import { totpUri } from './totp.ts';
import type { VisitorContext } from './visitor.ts';

type Context = RequestContext<SignedInCaller>;

export type EnrolmentParts = SecondStepParts & PasswordCheckParts;

/** A secret for an authenticator and recovery codes, as they are shown once. */
export interface Enrolment {
  readonly secret: string;
  readonly uri: string;
  readonly recoveryCodes: readonly string[];
}

export interface Confirmation {
  readonly code: string;
  readonly recoveryCode: string;
}

const alreadyActive = (): AppError =>
  new AppError('CONFLICT', 'This account has a second factor already. Remove it before you add another one.');

/** Makes a set of recovery codes, with the hashes that are stored in their place. */
export const makeRecoveryCodes = ({ random, hashes }: Pick<EnrolmentParts, 'random' | 'hashes'>, userId: string) => {
  const recoveryCodes = Array.from({ length: recoveryCodesMax }, () => random.newRecoveryCode());
  return { recoveryCodes, recoveryHashes: recoveryCodes.map((code) => recoveryHashOf(hashes, userId, code)) };
};

/** Stores a new secret, which does nothing until it is confirmed. Throws CONFLICT where there is an active one. */
const begin = async (
  parts: EnrolmentParts,
  { userId, email, at }: { readonly userId: string; readonly email: string; readonly at: Date },
): Promise<Enrolment> => {
  const { database, totp, totpSeals } = parts;
  const bytes = totp.newSecret();
  const { recoveryCodes, recoveryHashes } = makeRecoveryCodes(parts, userId);
  const enrolling = { userId, sealedSecret: totpSeals.seal(userId, bytes), recoveryHashes };
  if (!(await database.stores.secondFactors.begin(enrolling, at))) throw alreadyActive();
  const secret = totp.toBase32(bytes);
  return { secret, uri: totpUri(email, secret), recoveryCodes };
};

/** Gives the caller a secret and recovery codes, by their password. Throws SESSION_ENDED, WRONG_PASSWORD, REAUTHENTICATION_REQUIRED, RATE_LIMITED, CONFLICT. */
export const createBeginTotp = (parts: EnrolmentParts) =>
  async function beginTotp(context: Context, password: string | undefined): Promise<Enrolment> {
    const { userId } = context.caller;
    const { email, displayName } = await findMe(parts.database, context);
    const draft: AuditDraft = {
      action: 'user.begin-second-factor',
      resource: { type: 'user', id: userId, name: displayName },
    };
    await requireOwnPassword(parts, context, { email, password, draft });
    return begin(parts, { userId, email, at: new Date(context.at) });
  };

/** Gives a secret and recovery codes to who signs in to an account that must have a second factor. Throws CHALLENGE_ENDED, CONFLICT. */
export const createEnrolAtLogIn = (parts: EnrolmentParts) =>
  async function enrolAtLogIn(challengeToken: string): Promise<Enrolment> {
    const at = parts.now();
    const challenge = await findChallenge(parts, challengeToken, at);
    // Whoever has the password alone adds no factor beside the one that there is.
    if (challenge.hasPasskey) throw challengeEnded();
    return begin(parts, { ...challenge, at });
  };

/** The activation of the secret that waits, if the code is one of it. Throws WRONG_CODE; CONFLICT where there is an active one. */
const activationOf = async (
  { database, hashes, totp, totpSeals }: EnrolmentParts,
  userId: string,
  { code, recoveryCode }: Confirmation,
  at: Date,
): Promise<Activation> => {
  const stored = await database.stores.secondFactors.find(userId);
  if (stored?.isActive === true) throw alreadyActive();
  const step = stored === null ? null : totp.matchingStep(totpSeals.open(userId, stored.sealedSecret), code, at);
  if (stored === null || step === null) throw wrongCode();
  return { userId, sealedSecret: stored.sealedSecret, step, recoveryHash: recoveryHashOf(hashes, userId, recoveryCode) };
};

/** Activates a secret and queues the mail that says so. Throws WRONG_CODE where the recovery code is none of its own. */
const activate = async (
  { sealMail, sessionsLinks }: EnrolmentParts,
  { secondFactors, mails }: Stores,
  { activation, mailId, at }: { readonly activation: Activation; readonly mailId: string; readonly at: Date },
): Promise<string> => {
  const changed = await secondFactors.activate(activation, at);
  if (changed === null) throw wrongCode('/recoveryCode');
  const mail = secondFactorAddedMail(changed.email, at, sessionsLinks.linkOf(activation.userId, at));
  await mails.add({ id: mailId, sealedMail: sealMail(mailId, mail), expiresAt: secondsAfter(at, noticeLifetimeSeconds) }, at);
  return changed.displayName;
};

const addition = (userId: string, displayName: string): AuditDraft => ({
  action: 'user.add-second-factor',
  resource: { type: 'user', id: userId, name: displayName },
  changes: [{ path: '/secondFactor', before: null, after: 'totp' }],
});

/**
 * Confirms the caller's secret, which makes it their second factor; every other session ends, and they are mailed. The own session counts as one with both
 * factors from then on. Throws SESSION_ENDED, WRONG_CODE, CONFLICT.
 */
export const createConfirmTotp = (parts: EnrolmentParts) =>
  async function confirmTotp(context: Context, confirmation: Confirmation): Promise<void> {
    const { database, random, onMailQueued } = parts;
    const { userId } = context.caller;
    const at = new Date(context.at);
    await findMe(database, context);
    const activation = await activationOf(parts, userId, confirmation, at);
    const mailId = random.newId();
    await database.inTransaction(async (stores) => {
      const name = await activate(parts, stores, { activation, mailId, at });
      await stores.sessions.markMultiFactor(context.caller, at);
      const ended = (await stores.sessions.revokeOthers(context.caller, at)) ?? [];
      const revocations = ended.map((id) => context.audit('success', sessionRevocation(id, 'second-factor-added')));
      await stores.outbox.append([context.audit('success', addition(userId, name)), ...revocations]);
    });
    onMailQueued();
  };

/**
 * Confirms the secret that a sign-in got, which makes it the second factor of the account, and opens the session; every session of before ends. Throws CHALLENGE_ENDED,
 * WRONG_CODE, CONFLICT.
 */
export const createConfirmAtLogIn = (parts: EnrolmentParts) =>
  async function confirmAtLogIn(
    context: VisitorContext,
    { challengeToken, ...confirmation }: Confirmation & { readonly challengeToken: string },
  ): Promise<Tokens> {
    const { database, random, now, onMailQueued } = parts;
    const at = now();
    const challenge = await findChallenge(parts, challengeToken, at);
    if (challenge.hasSecondFactor || challenge.hasPasskey) throw challengeEnded();
    const { userId } = challenge;
    const activation = await activationOf(parts, userId, confirmation, at);
    const session = prepareSession(parts, context, challenge.deviceLabel);
    const actor = userActor(userId, session.id, context.caller);
    const mailId = random.newId();
    const account = await database.inTransaction(async (stores) => {
      const { shown, account: opened } = await finishSignIn(stores, context, { challenge, session, at }, async () => ({
        kind: 'totp',
        name: await activate(parts, stores, { activation, mailId, at }),
      }));
      const ended = (await stores.sessions.revokeOthers({ userId, sessionId: session.id }, at)) ?? [];
      const revocations = ended.map((id) => sessionRevocation(id, 'second-factor-added'));
      const drafts = [addition(userId, shown.name), ...revocations].map((draft) => ({ actor, ...draft }));
      await stores.outbox.append(drafts.map((draft) => context.audit('success', draft)));
      return opened;
    });
    onMailQueued();
    return issueTokens(parts, session, account);
  };
