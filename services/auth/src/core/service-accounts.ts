import type { GlobalPermission, PersonalToken, ServiceAccount } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  notFound,
  requirePermission,
  type AuditDraft,
  type PageRequest,
  type RequestContext,
  type SignedInCaller,
} from '@guildhall/resources';
import { personalTokensMax, rotationOverlapSeconds } from './limits.ts';
import { findMe } from './me.ts';
import { userChanged } from './messages.ts';
import { prepareToken, tokenDraft, type CreatedPersonalToken, type PersonalTokenRequest } from './personal-tokens.ts';
import { secondsAfter, type Random, type SecretHashes } from './random.ts';
import type { Database } from './stores.ts';
import { requireChangeable, updatePermission } from './users.ts';

type Context = RequestContext<SignedInCaller>;

export interface ServiceAccountParts {
  readonly database: Database;
  readonly random: Random;
  readonly hashes: SecretHashes;
}

const readPermission = 'user:read' satisfies GlobalPermission;

/** Lists service accounts. Throws FORBIDDEN without `user:read`. */
export const listServiceAccounts = async (
  { stores }: Database,
  { caller }: Context,
  page: PageRequest,
): Promise<readonly ServiceAccount[]> => {
  requirePermission(caller.permissions, readPermission);
  return stores.serviceAccounts.list(page);
};

/** Makes an account for a program, which nobody can sign in to. Throws FORBIDDEN without `user:update`, SESSION_ENDED. */
export const createCreateServiceAccount = ({ database, random }: ServiceAccountParts) =>
  async function createServiceAccount(context: Context, given: string): Promise<ServiceAccount> {
    requirePermission(context.caller.permissions, updatePermission);
    const [id, name] = [random.newId(), given.trim()];
    const created = await database.inTransaction(async ({ serviceAccounts, outbox }) => {
      const account = await serviceAccounts.create({ id, name }, context.caller, new Date(context.at));
      if (account === null) return null;
      const event = context.audit('success', { action: 'service-account.create', resource: { type: 'user', id, name } });
      await outbox.append([event, userChanged(context, { id, displayName: name, version: account.version })]);
      return account;
    });
    if (created !== null) {
      const { version: _version, ...account } = created;
      return account;
    }
    await findMe(database, context);
    throw new AppError('FORBIDDEN', `This needs the permission ${updatePermission}.`);
  };

/** Throws NOT_FOUND unless it is a service account. */
const requireServiceAccount = async ({ stores }: Database, id: string): Promise<void> => {
  if (!(await stores.serviceAccounts.has(id))) throw notFound('service account');
};

/** The live tokens of a service account, newest first. Throws FORBIDDEN without `user:read`, NOT_FOUND. */
export const listServiceTokens = async (
  database: Database,
  { caller, at }: Context,
  { serviceAccountId, page }: { readonly serviceAccountId: string; readonly page: PageRequest },
): Promise<readonly PersonalToken[]> => {
  requirePermission(caller.permissions, readPermission);
  await requireServiceAccount(database, serviceAccountId);
  return database.stores.serviceAccounts.listTokens(serviceAccountId, page, new Date(at));
};

/** Throws NOT_FOUND for anything but a service account, and as `refusalOfChange` says. */
const requireMayChange = async (
  database: Database,
  context: Context,
  serviceAccountId: string,
  draft: AuditDraft,
): Promise<void> => {
  const facts = await database.stores.directory.facts({ userId: serviceAccountId, caller: context.caller }, new Date(context.at));
  await requireChangeable(context, facts, draft);
  await requireServiceAccount(database, serviceAccountId);
};

const cannotCreate = (): AppError =>
  new AppError('CONFLICT', `This service account is suspended, or has ${personalTokensMax} tokens: revoke one first.`);

/** Creates a token of a service account, shown this once. Throws as `requireMayChange` says; CONFLICT for a suspended one and beyond `personalTokensMax`. */
export const createCreateServiceToken = (parts: ServiceAccountParts) =>
  async function createServiceToken(
    context: Context,
    { serviceAccountId, ...request }: PersonalTokenRequest & { readonly serviceAccountId: string },
  ): Promise<CreatedPersonalToken> {
    const { database } = parts;
    const at = new Date(context.at);
    const { fresh, token, changes } = prepareToken(parts, request, at);
    const draft = { ...tokenDraft('create', fresh), changes: [{ path: '/serviceAccount', after: serviceAccountId }, ...changes] };
    await requireMayChange(database, context, serviceAccountId, draft);
    const change = { serviceAccountId, caller: context.caller };
    const created = await database.inTransaction(async ({ serviceAccounts, outbox }) => {
      const stored = await serviceAccounts.createToken(fresh, change, personalTokensMax, at);
      if (stored !== null) await outbox.append([context.audit('success', draft)]);
      return stored;
    });
    if (created === null) throw cannotCreate();
    return { ...created, token };
  };

export interface ServiceTokenTarget {
  readonly serviceAccountId: string;
  readonly tokenId: string;
}

/**
 * Creates a token in place of another one, which ends after `rotationOverlapSeconds`, so that programs can change over. Throws as `requireMayChange` says, NOT_FOUND for a
 * token that is not live, CONFLICT as a creation does.
 */
export const createRotateServiceToken = (parts: ServiceAccountParts) =>
  async function rotateServiceToken(
    context: Context,
    { serviceAccountId, tokenId, expiresInDays }: ServiceTokenTarget & { readonly expiresInDays: number },
  ): Promise<CreatedPersonalToken> {
    const { database } = parts;
    const at = new Date(context.at);
    const prepared = prepareToken(parts, { name: '', permissions: [], expiresInDays }, at);
    await requireMayChange(database, context, serviceAccountId, tokenDraft('rotate', { id: tokenId, name: '' }));
    const change = { serviceAccountId, caller: context.caller };
    const endsAt = secondsAfter(at, rotationOverlapSeconds);
    return database.inTransaction(async ({ serviceAccounts, outbox }) => {
      const before = await serviceAccounts.endToken(tokenId, { ...change, endsAt }, at);
      if (before === null) throw notFound('token');
      const fresh = { ...prepared.fresh, name: before.name, permissions: before.permissions };
      const stored = await serviceAccounts.createToken(fresh, change, personalTokensMax, at);
      if (stored === null) throw cannotCreate();
      const changes = [{ path: '/replacedBy', after: fresh.id }];
      await outbox.append([context.audit('success', { ...tokenDraft('rotate', { id: tokenId, name: before.name }), changes })]);
      return { ...stored, token: prepared.token };
    });
  };

/** Revokes a token of a service account. Throws as `requireMayChange` says, NOT_FOUND for a token that is not live. */
export const revokeServiceToken = async (
  database: Database,
  context: Context,
  { serviceAccountId, tokenId }: ServiceTokenTarget,
): Promise<void> => {
  const at = new Date(context.at);
  await requireMayChange(database, context, serviceAccountId, tokenDraft('revoke', { id: tokenId, name: '' }));
  const change = { serviceAccountId, caller: context.caller, endsAt: at };
  await database.inTransaction(async ({ serviceAccounts, outbox }) => {
    const ended = await serviceAccounts.endToken(tokenId, change, at);
    if (ended === null) throw notFound('token');
    await outbox.append([context.audit('success', tokenDraft('revoke', { id: tokenId, name: ended.name }))]);
  });
};
