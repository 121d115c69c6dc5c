import { serviceAccountRoutes, type ServiceAccount } from '@guildhall/contracts';
import { contextOf, serve } from '@guildhall/http';
import {
  cursorOf,
  decodeCursor,
  pageRequest,
  readPosition,
  timeInCursor,
  toPage,
  type ContextParts,
  type RequestContext,
  type SignedInCaller,
} from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { CreatedPersonalToken, PersonalTokenRequest } from '../core/personal-tokens.ts';
import { listServiceAccounts, listServiceTokens, revokeServiceToken, type ServiceTokenTarget } from '../core/service-accounts.ts';
import type { Database } from '../core/stores.ts';

type Context = RequestContext<SignedInCaller>;

export interface ServiceAccountRules {
  createServiceAccount(context: Context, name: string): Promise<ServiceAccount>;
  createServiceToken(
    context: Context,
    request: PersonalTokenRequest & { readonly serviceAccountId: string },
  ): Promise<CreatedPersonalToken>;
  rotateServiceToken(
    context: Context,
    request: ServiceTokenTarget & { readonly expiresInDays: number },
  ): Promise<CreatedPersonalToken>;
}

export interface ServiceAccountRouteParts extends ContextParts {
  readonly database: Database;
  readonly rules: ServiceAccountRules;
}

const readNewest = (cursor: string) => {
  const [createdAt = '', id = ''] = decodeCursor(cursor, 2);
  return { createdAt: timeInCursor(createdAt), id };
};

/** The routes of the accounts of programs, for administrators. */
export const addServiceAccountRoutes = (app: FastifyInstance, parts: ServiceAccountRouteParts): void => {
  const { database, rules } = parts;
  serve(app, serviceAccountRoutes.listServiceAccounts, 'principal', async (call) => {
    const rows = await listServiceAccounts(database, contextOf(parts, call), pageRequest(call.query, readNewest));
    return { body: toPage(rows, call.query, cursorOf) };
  });
  serve(app, serviceAccountRoutes.createServiceAccount, 'principal', async (call) => {
    const account = await rules.createServiceAccount(contextOf(parts, call), call.body.name);
    return { status: 201, body: account, createdId: account.id };
  });
  serve(app, serviceAccountRoutes.listServiceTokens, 'principal', async (call) => {
    const target = { ...call.params, page: pageRequest(call.query, readPosition) };
    const rows = await listServiceTokens(database, contextOf(parts, call), target);
    return { body: toPage(rows, call.query, cursorOf) };
  });
  serve(app, serviceAccountRoutes.createServiceToken, 'principal', async (call) => {
    const created = await rules.createServiceToken(contextOf(parts, call), { ...call.body, ...call.params });
    return { status: 201, body: created, createdId: created.id };
  });
  serve(app, serviceAccountRoutes.rotateServiceToken, 'principal', async (call) => ({
    body: await rules.rotateServiceToken(contextOf(parts, call), { ...call.body, ...call.params }),
  }));
  serve(app, serviceAccountRoutes.revokeServiceToken, 'principal', async (call) => {
    await revokeServiceToken(database, contextOf(parts, call), call.params);
    return {};
  });
};
