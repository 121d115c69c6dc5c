import type { PasskeyCreation } from '@guildhall/contracts';
import { userActor } from '@guildhall/resources';
import type { Tokens } from './access-token.ts';
import { challengeEnded } from './challenges.ts';
import { passkeysMax } from './limits.ts';
import { issueTokens, prepareSession } from './open-session.ts';
import {
  beginCreation,
  passkeyDraft,
  takePasskeyRequest,
  unfit,
  type PasskeyCreationAnswer,
  type PasskeyRequestParts,
} from './passkeys.ts';
import { queuedNotice } from './queued-notice.ts';
import { findChallenge, finishSignIn, type SecondStepParts } from './second-step.ts';
import { sessionRevocation } from './sessions.ts';
import type { VisitorContext } from './visitor.ts';
import { passkeyAddedMail } from './way-in-mails.ts';

export type PasskeyEnrolmentParts = SecondStepParts & PasskeyRequestParts;

/** The challenge of a sign-in to an account without a second factor. Throws CHALLENGE_ENDED: whoever has the first factor alone adds none beside the one that there is. */
const findEnrolling = async (parts: PasskeyEnrolmentParts, challengeToken: string, at: Date) => {
  const challenge = await findChallenge(parts, challengeToken, at);
  if (challenge.hasSecondFactor || challenge.hasPasskey) throw challengeEnded();
  return challenge;
};

/** Begins to make a passkey for who signs in to an account that must have a second factor. Throws CHALLENGE_ENDED, UNPROCESSABLE. */
export const createBeginPasskeyAtLogIn = (parts: PasskeyEnrolmentParts) =>
  async function beginPasskeyAtLogIn(challengeToken: string): Promise<PasskeyCreation> {
    const at = parts.now();
    const { id, userId, email, displayName } = await findEnrolling(parts, challengeToken, at);
    return beginCreation(parts, { userId, sessionId: id, email, displayName }, at);
  };

/**
 * Keeps the passkey that an authenticator has made for this sign-in, and opens the session; every session of before ends, and the user is mailed. Of two sign-ins that add a factor at once
 * one does: the account is locked first, and the first ends the challenge of the other. Throws CHALLENGE_ENDED, UNPROCESSABLE.
 */
export const createCreatePasskeyAtLogIn = (parts: PasskeyEnrolmentParts) =>
  async function createPasskeyAtLogIn(
    context: VisitorContext,
    { challengeToken, ...answer }: PasskeyCreationAnswer & { readonly challengeToken: string },
  ): Promise<Tokens> {
    const { database, random, relyingParty, sessionsLinks, now, onMailQueued } = parts;
    const at = now();
    const challenge = await findEnrolling(parts, challengeToken, at);
    const { userId } = challenge;
    const { owner, challenge: asked } = await takePasskeyRequest(parts, 'create', answer.requestToken, at);
    if (owner?.userId !== userId || owner.sessionId !== challenge.id) throw challengeEnded();
    const credential = await relyingParty.verifyCreated(answer.credential, asked);
    if (credential === null) throw unfit();
    const passkey = { id: random.newId(), name: answer.name.trim(), ...credential };
    const session = prepareSession(parts, context, challenge.deviceLabel);
    const own = { userId, sessionId: session.id };
    const mail = queuedNotice(parts, passkeyAddedMail(challenge.email, at, sessionsLinks.linkOf(userId, at)), at);
    const account = await database.inTransaction(async (stores) => {
      const { account: opened } = await finishSignIn(stores, context, { challenge, session, at }, async () => {
        if ((await stores.passkeys.add(passkey, own, passkeysMax, at)) === null) throw challengeEnded();
        return { kind: 'passkey' };
      });
      const ended = (await stores.sessions.revokeOthers(own, at)) ?? [];
      const drafts = [
        passkeyDraft('create', passkey.id, passkey.name),
        ...ended.map((id) => sessionRevocation(id, 'second-factor-added')),
      ];
      const actor = userActor(userId, session.id, context.caller);
      await stores.outbox.append(drafts.map((draft) => context.audit('success', { actor, ...draft })));
      await stores.mails.add(mail, at);
      return opened;
    });
    onMailQueued();
    return issueTokens(parts, session, account);
  };
