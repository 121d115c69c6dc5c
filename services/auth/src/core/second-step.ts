import type { Tokens } from './access-token.ts';
import { challengeEnded, readChallengeToken } from './challenges.ts';
import { withSecondFactor, type SecondFactorCheckParts } from './check-second-factor.ts';
import { noticeLifetimeSeconds } from './limits.ts';
import { recoveryCodeUsedMail, type SealMail } from './mails.ts';
import {
  deniedSignIn,
  issueTokens,
  openPrepared,
  prepareSession,
  type OpenSessionParts,
  type PreparedSession,
} from './open-session.ts';
import { secondsAfter } from './random.ts';
import type { Challenge } from './second-factor-store.ts';
import type { SessionsLinks } from './sessions-link.ts';
import type { Stores } from './stores.ts';
import type { TokenSubject } from './user-store.ts';
import type { VisitorContext } from './visitor.ts';

export interface SecondStepParts extends OpenSessionParts, SecondFactorCheckParts {
  readonly sealMail: SealMail;
  readonly sessionsLinks: SessionsLinks;
  /** Called after the commit that queued a mail. */
  readonly onMailQueued: () => void;
}

/** Finds the challenge of a token. Throws CHALLENGE_ENDED. */
export const findChallenge = async (
  { database, hashes }: Pick<OpenSessionParts, 'database' | 'hashes'>,
  challengeToken: string,
  at: Date,
): Promise<Challenge & { readonly secretHash: string }> => {
  const { id, secret } = readChallengeToken(challengeToken);
  const secretHash = hashes.hashSecret(secret);
  const challenge = await database.stores.challenges.find(id, secretHash, at);
  if (challenge === null) throw challengeEnded();
  return { ...challenge, secretHash };
};

export interface Finishing {
  readonly challenge: Challenge & { readonly secretHash: string };
  readonly session: PreparedSession;
  readonly at: Date;
}

export interface FinishedSignIn<T> {
  /** The result of `use`. */
  readonly shown: T;
  readonly account: TokenSubject;
}

/** Opens the session of a challenge, spends it, and uses the second factor up. Throws CHALLENGE_ENDED, or as `use` does, which rolls all back. */
export const finishSignIn = async <T extends { readonly kind: string }>(
  stores: Stores,
  context: VisitorContext,
  { challenge, session, at }: Finishing,
  use: () => Promise<T>,
): Promise<FinishedSignIn<T>> => {
  const opened = { ...session.sessionOf(challenge.userId, null, at), isMultiFactor: true };
  const account = await openPrepared(stores, opened, at);
  if (account === null) throw challengeEnded();
  if (!(await stores.challenges.spend(challenge.id, challenge.secretHash, at))) throw challengeEnded();
  const shown = await use();
  const draft = session.eventOf(challenge.userId);
  const changes = [
    { path: '/method', after: challenge.method },
    { path: '/secondFactor', after: shown.kind },
  ];
  await stores.outbox.append([context.audit('success', { ...draft, changes })]);
  return { shown, account };
};

/**
 * The second step of a sign-in: the code of the authenticator, or a recovery code, whose use is mailed. Opens the session, spends the challenge and uses
 * up the code in one transaction. Throws CHALLENGE_ENDED, WRONG_CODE, RATE_LIMITED.
 */
export const createLogInWithSecondFactor = (parts: SecondStepParts) =>
  async function logInWithSecondFactor(
    context: VisitorContext,
    { challengeToken, code }: { readonly challengeToken: string; readonly code: string },
  ): Promise<Tokens> {
    const { random, sealMail, sessionsLinks, now, onMailQueued } = parts;
    const at = now();
    const challenge = await findChallenge(parts, challengeToken, at);
    if (!challenge.hasSecondFactor) throw challengeEnded();
    const session = prepareSession(parts, context, challenge.deviceLabel);
    const mailId = random.newId();
    const attempt = { userId: challenge.userId, code, at, draft: deniedSignIn(challenge.userId) };
    const account = await withSecondFactor(parts, context, attempt, async (stores, use) => {
      const { shown, account: opened } = await finishSignIn(stores, context, { challenge, session, at }, use);
      if (shown.kind === 'totp') return opened;
      const sealedMail = sealMail(
        mailId,
        recoveryCodeUsedMail(challenge.email, shown.left, at, sessionsLinks.linkOf(challenge.userId, at)),
      );
      await stores.mails.add({ id: mailId, sealedMail, expiresAt: secondsAfter(at, noticeLifetimeSeconds) }, at);
      return opened;
    });
    onMailQueued();
    return issueTokens(parts, session, account);
  };
