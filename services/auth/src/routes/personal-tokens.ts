import { personalTokenRoutes } from '@guildhall/contracts';
import { contextOf, serve } from '@guildhall/http';
import {
  cursorOf,
  pageRequest,
  readPosition,
  toPage,
  type ContextParts,
  type RequestContext,
  type SignedInCaller,
} from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import {
  listPersonalTokens,
  revokePersonalToken,
  type CreatedPersonalToken,
  type PersonalTokenRequest,
} from '../core/personal-tokens.ts';
import type { Database } from '../core/stores.ts';

export interface PersonalTokenRules {
  createPersonalToken(context: RequestContext<SignedInCaller>, request: PersonalTokenRequest): Promise<CreatedPersonalToken>;
}

export interface PersonalTokenRouteParts extends ContextParts {
  readonly database: Database;
  readonly rules: PersonalTokenRules;
}

export const addPersonalTokenRoutes = (app: FastifyInstance, parts: PersonalTokenRouteParts): void => {
  const { database, rules } = parts;
  serve(app, personalTokenRoutes.listPersonalTokens, 'principal', async (call) => {
    const rows = await listPersonalTokens(database, contextOf(parts, call), pageRequest(call.query, readPosition));
    return { body: toPage(rows, call.query, cursorOf) };
  });
  serve(app, personalTokenRoutes.createPersonalToken, 'principal', async (call) => {
    const created = await rules.createPersonalToken(contextOf(parts, call), call.body);
    return { status: 201, body: created, createdId: created.id };
  });
  serve(app, personalTokenRoutes.revokePersonalToken, 'principal', async (call) => {
    await revokePersonalToken(database, contextOf(parts, call), call.params.tokenId);
    return {};
  });
};
