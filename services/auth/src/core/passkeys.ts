import type { CreatedCredential, Passkey, PasskeyCreation } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  omitUndefined,
  requireVersion,
  versionMismatch,
  type AuditDraft,
  type PageRequest,
  type RequestContext,
  type SignedInCaller,
  type VersionCondition,
} from '@guildhall/resources';
import { challengeEnded, readChallengeToken } from './challenges.ts';
import { requireOwnPassword, type PasswordCheckParts } from './check-password.ts';
import { passkeyRequestSeconds, passkeysMax } from './limits.ts';
import type { SealMail } from './mails.ts';
import { findMe } from './me.ts';
import { passkeyAlgorithms, type PasskeyRequest, type PasskeySeals, type RelyingParty } from './passkey.ts';
import type { PasskeyPurpose } from './passkey-store.ts';
import { queuedNotice } from './queued-notice.ts';
import { secondsAfter, type Random, type SecretHashes } from './random.ts';
import { secretTokenOf } from './secret-token.ts';
import type { SessionsLinks } from './sessions-link.ts';
import { sessionRevocation } from './sessions.ts';
import { passkeyAddedMail, passkeyRemovedMail } from './way-in-mails.ts';
import type { SessionOwner } from './session-store.ts';
import type { Database } from './stores.ts';

type Context = RequestContext<SignedInCaller>;

export interface PasskeyRequestParts {
  readonly database: Database;
  readonly random: Random;
  readonly hashes: SecretHashes;
  readonly passkeySeals: PasskeySeals;
  readonly relyingParty: RelyingParty;
}

export interface PasskeyParts extends PasskeyRequestParts, PasswordCheckParts {
  readonly sealMail: SealMail;
  readonly sessionsLinks: SessionsLinks;
  /** The global roles whose holders must have a second factor. */
  readonly requiredRoles: readonly string[];
  /** Called after the commit that queued a mail. */
  readonly onMailQueued: () => void;
}

export interface BegunPasskeyRequest {
  readonly challenge: string;
  readonly rpId: string;
  readonly requestToken: string;
  /** In seconds. */
  readonly expiresIn: number;
}

/** The id of the relying party. Throws UNPROCESSABLE where browsers make no passkeys. */
const requireRelyingParty = ({ relyingParty: { id } }: Pick<PasskeyRequestParts, 'relyingParty'>): string => {
  if (id === null)
    throw new AppError('UNPROCESSABLE', 'Passkeys need HTTPS and the name of a host: browsers make none for this address.');
  return id;
};

/** Stores a request to an authenticator, with a challenge of its own. Throws UNPROCESSABLE where browsers make no passkeys. */
export const beginPasskeyRequest = async (
  parts: PasskeyRequestParts,
  purpose: PasskeyPurpose,
  owner: SessionOwner | null,
  at: Date,
): Promise<BegunPasskeyRequest> => {
  const { database, random, hashes, passkeySeals } = parts;
  const rpId = requireRelyingParty(parts);
  const [id, secret, challenge] = [random.newId(), random.newSecret(), random.newSecret()];
  const waiting = {
    id,
    secretHash: hashes.hashSecret(secret),
    purpose,
    sealedRequest: passkeySeals.seal(id, { challenge, owner }),
    expiresAt: secondsAfter(at, passkeyRequestSeconds),
  };
  await database.stores.passkeys.addRequest(waiting, at);
  return { challenge, rpId, requestToken: secretTokenOf(id, secret), expiresIn: passkeyRequestSeconds };
};

/** Takes the request of a token, which ends with that. Throws CHALLENGE_ENDED. */
export const takePasskeyRequest = async (
  { database, hashes, passkeySeals }: PasskeyRequestParts,
  purpose: PasskeyPurpose,
  requestToken: string,
  at: Date,
): Promise<PasskeyRequest> => {
  const { id, secret } = readChallengeToken(requestToken);
  const sealed = await database.stores.passkeys.takeRequest({ id, secretHash: hashes.hashSecret(secret), purpose }, at);
  if (sealed === null) throw challengeEnded();
  return passkeySeals.open(id, sealed);
};

/** The account as an authenticator keeps it: 32 bytes that name nobody (Web Authentication Level 3, section 14.6.1). */
export const userHandleOf = (hashes: Pick<SecretHashes, 'hashSubject'>, userId: string): string =>
  hashes.hashSubject(`passkeys of ${userId}`);

export const passkeyDraft = (verb: 'create' | 'update' | 'delete', id: string, name?: string): AuditDraft => ({
  action: `passkey.${verb}`,
  resource: { type: 'passkey', id, ...omitUndefined({ name }) },
});

/** Asks an authenticator for a passkey of an account, for the session or the sign-in that asks. Throws UNPROCESSABLE. */
export const beginCreation = async (
  parts: PasskeyRequestParts,
  { email, displayName, ...owner }: SessionOwner & { readonly email: string; readonly displayName: string },
  at: Date,
): Promise<PasskeyCreation> => {
  const { challenge, rpId, ...begun } = await beginPasskeyRequest(parts, 'create', owner, at);
  const known = await parts.database.stores.passkeys.credentialIdsOf(owner.userId);
  const options = {
    rp: { id: rpId, name: 'Guildhall' },
    user: { id: userHandleOf(parts.hashes, owner.userId), name: email, displayName },
    challenge,
    pubKeyCredParams: passkeyAlgorithms.map((alg) => ({ type: 'public-key' as const, alg })),
    timeout: passkeyRequestSeconds * 1000,
    excludeCredentials: known.map((id) => ({ type: 'public-key' as const, id })),
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    attestation: 'none',
  } as const;
  return { options, ...begun };
};

/** Begins to make a passkey for the caller, by their password. Throws SESSION_ENDED, WRONG_PASSWORD, REAUTHENTICATION_REQUIRED, RATE_LIMITED, UNPROCESSABLE. */
export const createBeginPasskey = (parts: PasskeyParts) =>
  async function beginPasskey(context: Context, password: string | undefined): Promise<PasskeyCreation> {
    const { userId, sessionId } = context.caller;
    const { email, displayName } = await findMe(parts.database, context);
    await requireOwnPassword(parts, context, { email, password, draft: passkeyDraft('create', 'new') });
    return beginCreation(parts, { userId, sessionId, email, displayName }, new Date(context.at));
  };

export const unfit = (): AppError =>
  new AppError('UNPROCESSABLE', 'The answer of the authenticator does not fit what it was asked. Start again.');

export interface PasskeyCreationAnswer {
  readonly requestToken: string;
  readonly name: string;
  readonly credential: CreatedCredential;
}

/**
 * Keeps the passkey that an authenticator has made for the session that asked, which counts as one with both factors from then on, and mails its user. Throws CHALLENGE_ENDED, UNPROCESSABLE,
 * SESSION_ENDED, CONFLICT beyond `passkeysMax`.
 */
export const createCreatePasskey = (parts: PasskeyParts) =>
  async function createPasskey(context: Context, answer: PasskeyCreationAnswer): Promise<Passkey> {
    const { database, random, relyingParty, sessionsLinks, onMailQueued } = parts;
    const { caller } = context;
    const at = new Date(context.at);
    const { email } = await findMe(database, context);
    const { owner, challenge } = await takePasskeyRequest(parts, 'create', answer.requestToken, at);
    if (owner?.userId !== caller.userId || owner.sessionId !== caller.sessionId) throw challengeEnded();
    const credential = await relyingParty.verifyCreated(answer.credential, challenge);
    if (credential === null) throw unfit();
    const passkey = { id: random.newId(), name: answer.name.trim(), ...credential };
    const mail = queuedNotice(parts, passkeyAddedMail(email, at, sessionsLinks.linkOf(caller.userId, at)), at);
    const stored = await database.inTransaction(async ({ passkeys, secondFactors, sessions, outbox, mails }) => {
      await secondFactors.lockAccount(caller.userId);
      const added = await passkeys.add(passkey, caller, passkeysMax, at);
      if (added === null) return null;
      await sessions.markMultiFactor(caller, at);
      await outbox.append([context.audit('success', passkeyDraft('create', added.id, added.name))]);
      await mails.add(mail, at);
      return added;
    });
    if (stored === null) {
      await findMe(database, context);
      throw new AppError('CONFLICT', `Your account has ${passkeysMax} passkeys. Remove one first.`);
    }
    onMailQueued();
    return stored;
  };

/** The caller's passkeys, newest first. Throws SESSION_ENDED. */
export const listPasskeys = async (database: Database, context: Context, page: PageRequest): Promise<readonly Passkey[]> => {
  const found = await database.stores.passkeys.list(context.caller, page, new Date(context.at));
  if (found.length === 0) await findMe(database, context);
  return found;
};

/** Finds a passkey of the caller. Throws NOT_FOUND, SESSION_ENDED. */
export const findPasskey = async (database: Database, context: Context, passkeyId: string): Promise<Passkey> => {
  const found = await database.stores.passkeys.findOwn(passkeyId, context.caller, new Date(context.at));
  if (found !== null) return found;
  await findMe(database, context);
  throw new AppError('NOT_FOUND', 'You have no such passkey.');
};

/** Renames a passkey of the caller. Throws NOT_FOUND, SESSION_ENDED, VERSION_MISMATCH. */
export const renamePasskey = async (
  database: Database,
  context: Context,
  { passkeyId, name: given, ifMatch }: { readonly passkeyId: string; readonly name: string; readonly ifMatch: VersionCondition },
): Promise<Passkey> => {
  const before = await findPasskey(database, context, passkeyId);
  requireVersion(before.version, ifMatch);
  const name = given.trim();
  const changes = [{ path: '/name', before: before.name, after: name }];
  const change = { passkeyId, name, version: before.version };
  const renamed = await database.inTransaction(async ({ passkeys, outbox }) => {
    const changed = await passkeys.rename(change, context.caller, new Date(context.at));
    if (changed !== null)
      await outbox.append([context.audit('success', { ...passkeyDraft('update', passkeyId, name), changes })]);
    return changed;
  });
  if (renamed !== null) return renamed;
  throw versionMismatch((await findPasskey(database, context, passkeyId)).version);
};

/** Removes a passkey of the caller; every other session ends, and they are mailed. Throws NOT_FOUND, SESSION_ENDED; CONFLICT where it must stay. */
export const createRemovePasskey = (parts: PasskeyParts) =>
  async function removePasskey(context: Context, passkeyId: string): Promise<void> {
    const { database, sessionsLinks, requiredRoles, onMailQueued } = parts;
    const { caller } = context;
    const at = new Date(context.at);
    const { email } = await findMe(database, context);
    await findPasskey(database, context, passkeyId);
    const mail = queuedNotice(parts, passkeyRemovedMail(email, at, sessionsLinks.linkOf(caller.userId, at)), at);
    const isRemoved = await database.inTransaction(async ({ passkeys, secondFactors, sessions, outbox, mails }) => {
      await secondFactors.lockAccount(caller.userId);
      const name = await passkeys.remove(passkeyId, caller, requiredRoles, at);
      if (name === null) return false;
      const ended = (await sessions.revokeOthers(caller, at)) ?? [];
      const revocations = ended.map((id) => context.audit('success', sessionRevocation(id, 'passkey-removed')));
      await outbox.append([context.audit('success', passkeyDraft('delete', passkeyId, name)), ...revocations]);
      await mails.add(mail, at);
      return true;
    });
    if (!isRemoved) {
      await findPasskey(database, context, passkeyId);
      throw new AppError(
        'CONFLICT',
        'This is the last way in to your account, or the only second factor that a role of yours requires. Add another one first.',
      );
    }
    onMailQueued();
  };
