import type { UsedCredential } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import type { Tokens } from './access-token.ts';
import { deniedSignIn, issueTokens, openPrepared, prepareSession, type OpenSessionParts } from './open-session.ts';
import {
  beginPasskeyRequest,
  takePasskeyRequest,
  userHandleOf,
  type BegunPasskeyRequest,
  type PasskeyRequestParts,
} from './passkeys.ts';
import type { PasskeyAccount } from './passkey-store.ts';
import type { UsedPasskey } from './passkey.ts';
import type { VisitorContext } from './visitor.ts';

export interface PasskeySignInParts extends OpenSessionParts, PasskeyRequestParts {}

/** Begins a sign-in with a passkey. Throws UNPROCESSABLE where browsers make none. */
export const createBeginPasskeySignIn = (parts: PasskeySignInParts) =>
  async function beginPasskeySignIn(): Promise<BegunPasskeyRequest> {
    return beginPasskeyRequest(parts, 'sign_in', null, parts.now());
  };

export interface PasskeySignIn {
  readonly requestToken: string;
  readonly credential: UsedCredential;
  readonly deviceLabel?: string | undefined;
}

const refused = (): AppError =>
  new AppError(
    'UNPROCESSABLE',
    'This passkey does not sign in here: it is unknown, was removed, or its answer does not fit. Start again.',
  );

/**
 * Signs in with a passkey, which counts as both factors. Throws CHALLENGE_ENDED, ACCOUNT_SUSPENDED to who has the passkey, and UNPROCESSABLE, whatever does not fit; both are
 * audited.
 */
export const createSignInWithPasskey = (parts: PasskeySignInParts) =>
  async function signInWithPasskey(context: VisitorContext, request: PasskeySignIn): Promise<Tokens> {
    const { database, now } = parts;
    const at = now();
    const { challenge } = await takePasskeyRequest(parts, 'sign_in', request.requestToken, at);
    const account = await database.stores.passkeys.find(request.credential.id);
    const used = await verify(parts, account, request.credential, challenge);
    const session = prepareSession(parts, context, request.deviceLabel);
    if (account === null || used === null) {
      await context.recordDenial(deniedSignIn(account?.userId ?? null), 'passkey');
      throw refused();
    }
    if (!account.isActive) {
      await context.recordDenial(deniedSignIn(account.userId));
      throw new AppError('ACCOUNT_SUSPENDED', 'This account is suspended.');
    }
    let isCopied = false;
    const open = database.inTransaction(async (stores) => {
      const opened = { ...session.sessionOf(account.userId, null, at), isMultiFactor: true };
      const opening = await openPrepared(stores, opened, at);
      if (opening === null) throw refused();
      isCopied = !(await stores.passkeys.use(account.passkeyId, used, at));
      if (isCopied) throw refused();
      await stores.outbox.append([context.audit('success', session.eventOf(account.userId, 'passkey'))]);
      return opening;
    });
    const subject = await open.catch(async (error: unknown) => {
      const changes = [{ path: '/reason', after: 'passkey-counter' }];
      if (isCopied) await context.recordDenial({ ...deniedSignIn(account.userId), changes });
      throw error;
    });
    return issueTokens(parts, session, subject);
  };

/** The use of a passkey of an account; null unless it is one of that account, and its answer fits. */
const verify = async (
  { relyingParty, hashes }: PasskeySignInParts,
  account: PasskeyAccount | null,
  credential: UsedCredential,
  challenge: string,
): Promise<UsedPasskey | null> => {
  if (account === null || credential.response.userHandle !== userHandleOf(hashes, account.userId)) return null;
  return relyingParty.verifyUsed(credential, challenge, account.publicKey);
};
