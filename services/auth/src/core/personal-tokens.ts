import type { PersonalToken } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import type { AuditDraft, PageRequest, RequestContext, SignedInCaller } from '@guildhall/resources';
import { noticeLifetimeSeconds, personalTokensMax, tokenUseNotedSeconds } from './limits.ts';
import { tokenCreatedMail, type SealMail } from './mails.ts';
import { findMe } from './me.ts';
import type { OutsideUserParts } from './outside-users.ts';
import type { FoundPersonalToken } from './personal-token-store.ts';
import { secondsAfter, type Random, type SecretHashes } from './random.ts';
import type { SessionsLinks } from './sessions-link.ts';
import { sessionEnded } from './sessions.ts';
import type { Database } from './stores.ts';

type Context = RequestContext<SignedInCaller>;

export interface PersonalTokenParts {
  readonly database: Database;
  readonly random: Random;
  readonly hashes: SecretHashes;
  readonly sealMail: SealMail;
  readonly sessionsLinks: SessionsLinks;
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
export const createCreatePersonalToken = ({
  database,
  random,
  hashes,
  sealMail,
  sessionsLinks,
  onMailQueued,
}: PersonalTokenParts) =>
  async function createPersonalToken(context: Context, request: PersonalTokenRequest): Promise<CreatedPersonalToken> {
    const at = new Date(context.at);
    const { email } = await findMe(database, context);
    const { fresh, token, changes } = prepareToken({ random, hashes }, request, at);
    const mailId = random.newId();
    const notice = {
      id: mailId,
      sealedMail: sealMail(mailId, tokenCreatedMail(email, at, sessionsLinks.linkOf(context.caller.userId, at))),
      expiresAt: secondsAfter(at, noticeLifetimeSeconds),
    };
    const created = await database.inTransaction(async ({ personalTokens, mails, outbox }) => {
      const stored = await personalTokens.create(fresh, context.caller, personalTokensMax, at);
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

/** The caller's tokens, newest first. Throws SESSION_ENDED. */
export const listPersonalTokens = async (
  { stores }: Database,
  { caller, at }: Context,
  page: PageRequest,
): Promise<readonly PersonalToken[]> => {
  const found = await stores.personalTokens.list(caller, page, new Date(at));
  if (found === null) throw sessionEnded();
  return found;
};

/** Revokes one of the caller's tokens. Throws NOT_FOUND for one that is not theirs, SESSION_ENDED. */
export const revokePersonalToken = async (database: Database, context: Context, tokenId: string): Promise<void> => {
  const isRevoked = await database.inTransaction(async ({ personalTokens, outbox }) => {
    const name = await personalTokens.revoke(tokenId, context.caller, new Date(context.at));
    if (name !== null) await outbox.append([context.audit('success', tokenDraft('revoke', { id: tokenId, name }))]);
    return name !== null;
  });
  if (isRevoked) return;
  await findMe(database, context);
  throw new AppError('NOT_FOUND', 'You have no such token.');
};

/** Finds a live token by the hash that the gateway made of it. */
export const createFindPersonalToken =
  ({ database: { stores }, requiredRoles }: OutsideUserParts) =>
  (tokenHash: string, now: Date): Promise<FoundPersonalToken | null> =>
    stores.personalTokens.findByHash(tokenHash, requiredRoles, secondsAfter(now, -tokenUseNotedSeconds), now);
