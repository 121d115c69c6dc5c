import type { PersonalToken } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import type { AuditDraft, PageRequest, RequestContext, SignedInCaller } from '@guildhall/resources';
import { personalTokensMax, tokenUseNotedSeconds } from './limits.ts';
import { tokenCreatedMail, type SealMail } from './mails.ts';
import { findMe } from './me.ts';
import type { OutsideUserParts } from './outside-users.ts';
import type { FoundPersonalToken } from './personal-token-store.ts';
import { queuedNotice } from './queued-notice.ts';
import { secondsAfter, type Random, type SecretHashes } from './random.ts';
import type { SessionsLinks } from './sessions-link.ts';
import { sessionEnded } from './sessions.ts';
import type { Database } from './stores.ts';
import { tokenRevokedMail } from './way-in-mails.ts';

type Context = RequestContext<SignedInCaller>;

export interface PersonalTokenParts {
  readonly database: Database;
  readonly random: Random;
  readonly hashes: SecretHashes;
  readonly sealMail: SealMail;
  readonly sessionsLinks: SessionsLinks;
  /** The global roles whose holders must have a second factor. */
  readonly requiredRoles: readonly string[];
  /** Called after the commit that queued a mail. */
  readonly onMailQueued: () => void;
}

export interface PersonalTokenRequest {
  readonly name: string;
  readonly permissions: readonly string[];
  readonly expiresInDays: number;
}

export type CreatedPersonalToken = PersonalToken & { readonly token: string };

/** The prefix by which scanners for leaked secrets know a token. */
const tokenPrefix = 'guildhall_pat_';
const secondsPerDay = 86_400;

/** The audit event of a change of a token. */
export const tokenDraft = (
  verb: 'create' | 'rotate' | 'revoke',
  { id, name }: Pick<PersonalToken, 'id' | 'name'>,
): AuditDraft => ({
  action: `personal-token.${verb}`,
  resource: { type: 'personal-token', id, name },
});

/** A token with the row that is stored in its place, and what its audit event tells. */
export const prepareToken = (
  { random, hashes }: Pick<PersonalTokenParts, 'random' | 'hashes'>,
  request: PersonalTokenRequest,
  at: Date,
) => {
  const token = `${tokenPrefix}${random.newSecret()}`;
  const fresh = {
    id: random.newId(),
    name: request.name.trim(),
    tokenHash: hashes.hashSecret(token),
    permissions: request.permissions.toSorted(),
    expiresAt: secondsAfter(at, request.expiresInDays * secondsPerDay),
  };
  const changes = [
    { path: '/permissions', after: fresh.permissions },
    { path: '/expiresAt', after: fresh.expiresAt.toISOString() },
  ];
  return { fresh, token, changes };
};

/**
 * Creates a personal access token of the caller, and mails them. It is stored hashed, so that it is shown this once. Throws SESSION_ENDED, and
 * CONFLICT beyond `personalTokensMax`.
 */
export const createCreatePersonalToken = (parts: PersonalTokenParts) =>
  async function createPersonalToken(context: Context, request: PersonalTokenRequest): Promise<CreatedPersonalToken> {
    const { database, sessionsLinks, requiredRoles, onMailQueued } = parts;
    const at = new Date(context.at);
    const { email } = await findMe(database, context);
    const { fresh, token, changes } = prepareToken(parts, request, at);
    const notice = queuedNotice(parts, tokenCreatedMail(email, at, sessionsLinks.linkOf(context.caller.userId, at)), at);
    const created = await database.inTransaction(async ({ personalTokens, mails, outbox }) => {
      const stored = await personalTokens.create(fresh, context.caller, { max: personalTokensMax, requiredRoles }, at);
      if (stored === null) return null;
      await outbox.append([context.audit('success', { ...tokenDraft('create', fresh), changes })]);
      await mails.add(notice, at);
      return stored;
    });
    if (created === null) {
      await findMe(database, context);
      throw new AppError('CONFLICT', `You have ${personalTokensMax} tokens. Revoke one first.`);
    }
    onMailQueued();
    return { ...created, token };
  };

/** The caller's tokens, newest first, with those that do not act now and why. Throws SESSION_ENDED. */
export const createListPersonalTokens = ({ database, requiredRoles }: Pick<PersonalTokenParts, 'database' | 'requiredRoles'>) =>
  async function listPersonalTokens({ caller, at }: Context, page: PageRequest): Promise<readonly PersonalToken[]> {
    const found = await database.stores.personalTokens.list(caller, page, requiredRoles, new Date(at));
    if (found === null) throw sessionEnded();
    return found;
  };

/** Revokes one of the caller's tokens, and mails them. Throws NOT_FOUND for one that is not theirs, SESSION_ENDED. */
export const createRevokePersonalToken = (parts: PersonalTokenParts) =>
  async function revokePersonalToken(context: Context, tokenId: string): Promise<void> {
    const { database, sessionsLinks, onMailQueued } = parts;
    const { caller } = context;
    const at = new Date(context.at);
    const { email } = await findMe(database, context);
    const notice = queuedNotice(parts, tokenRevokedMail(email, at, sessionsLinks.linkOf(caller.userId, at)), at);
    const isRevoked = await database.inTransaction(async ({ personalTokens, mails, outbox }) => {
      const name = await personalTokens.revoke(tokenId, caller, at);
      if (name === null) return false;
      await outbox.append([context.audit('success', tokenDraft('revoke', { id: tokenId, name }))]);
      await mails.add(notice, at);
      return true;
    });
    if (isRevoked) return onMailQueued();
    await findMe(database, context);
    throw new AppError('NOT_FOUND', 'You have no such token.');
  };

/** Finds a live token by the hash that the gateway made of it. */
export const createFindPersonalToken =
  ({ database: { stores }, requiredRoles }: OutsideUserParts) =>
  (tokenHash: string, now: Date): Promise<FoundPersonalToken | null> =>
    stores.personalTokens.findByHash(tokenHash, requiredRoles, secondsAfter(now, -tokenUseNotedSeconds), now);
