import { globalPermissions, type GlobalPermission, type PersonalToken, type ServiceAccount } from '@guildhall/contracts';
import { AppError, isAppError } from '@guildhall/errors';
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

/** Returns the permissions of the caller. Throws NOT_FOUND for anything but a service account, and as `refusalOfChange` says. */
const requireMayChange = async (
  database: Database,
  context: Context,
  serviceAccountId: string,
  draft: AuditDraft,
): Promise<readonly string[]> => {
  const facts = await database.stores.directory.facts({ userId: serviceAccountId, caller: context.caller }, new Date(context.at));
  await requireChangeable(context, facts, draft);
  await requireServiceAccount(database, serviceAccountId);
  return facts.callerPermissions;
};

/** The permissions among those of a token that are held globally; the others are held by belonging to a community. */
export const globalOnes = (permissions: readonly string[]): readonly string[] =>
  permissions.filter((permission) => (globalPermissions as readonly string[]).includes(permission));

/** The error for a token with global permissions that the caller lacks: the account may get them later, and the token is in the caller's hands. Null where they hold all. */
const refusalOfPermissions = (held: readonly string[], permissions: readonly string[]): AppError | null => {
  const missing = globalOnes(permissions).filter((permission) => !held.includes(permission));
  if (missing.length === 0) return null;
  return new AppError(
    'FORBIDDEN',
    `You may not do this yourself, so you put it into no token of a program: ${missing.join(', ')}.`,
  );
};

const cannotCreate = (): AppError =>
  new AppError('CONFLICT', `This service account is suspended, or has ${personalTokensMax} tokens: revoke one first.`);

/** Creates a token of a service account, shown this once. Throws as `requireMayChange` says, and for permissions that the caller lacks; CONFLICT for a suspended one and beyond `personalTokensMax`. */
export const createCreateServiceToken = (parts: ServiceAccountParts) =>
  async function createServiceToken(
    context: Context,
    { serviceAccountId, ...request }: PersonalTokenRequest & { readonly serviceAccountId: string },
  ): Promise<CreatedPersonalToken> {
    const { database } = parts;
    const at = new Date(context.at);
    const { fresh, token, changes } = prepareToken(parts, request, at);
    const draft = { ...tokenDraft('create', fresh), changes: [{ path: '/serviceAccount', after: serviceAccountId }, ...changes] };
    const held = await requireMayChange(database, context, serviceAccountId, draft);
    const refusal = refusalOfPermissions(held, fresh.permissions);
    if (refusal !== null) {
      await context.recordDenial(draft);
      throw refusal;
    }
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
 * Creates a token in place of another one, which ends after `rotationOverlapSeconds`, so that programs can change over. Throws as `requireMayChange` says, and for permissions that the caller lacks; NOT_FOUND for a
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
    const draft = tokenDraft('rotate', { id: tokenId, name: '' });
    const held = await requireMayChange(database, context, serviceAccountId, draft);
    const change = { serviceAccountId, caller: context.caller };
    const endsAt = secondsAfter(at, rotationOverlapSeconds);
    const rotated = database.inTransaction(async ({ serviceAccounts, outbox }) => {
      const before = await serviceAccounts.endToken(tokenId, { ...change, endsAt }, at);
      if (before === null) throw notFound('token');
      const refusal = refusalOfPermissions(held, before.permissions);
      if (refusal !== null) throw refusal;
      const fresh = { ...prepared.fresh, name: before.name, permissions: before.permissions };
      const stored = await serviceAccounts.createToken(fresh, change, personalTokensMax, at);
      if (stored === null) throw cannotCreate();
      const changes = [{ path: '/replacedBy', after: fresh.id }];
      await outbox.append([context.audit('success', { ...tokenDraft('rotate', { id: tokenId, name: before.name }), changes })]);
      return { ...stored, token: prepared.token };
    });
    return rotated.catch(async (error: unknown) => {
      if (isAppError(error) && error.code === 'FORBIDDEN') await context.recordDenial(draft);
      throw error;
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
