import { personalTokenRoutes, type PersonalToken } from '@guildhall/contracts';
import { contextOf, serve } from '@guildhall/http';
import {
  cursorOf,
  pageRequest,
  readPosition,
  toPage,
  type ContextParts,
  type PageRequest,
  type RequestContext,
  type SignedInCaller,
} from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { CreatedPersonalToken, PersonalTokenRequest } from '../core/personal-tokens.ts';

export interface PersonalTokenRules {
  listPersonalTokens(context: RequestContext<SignedInCaller>, page: PageRequest): Promise<readonly PersonalToken[]>;
  revokePersonalToken(context: RequestContext<SignedInCaller>, tokenId: string): Promise<void>;
  createPersonalToken(context: RequestContext<SignedInCaller>, request: PersonalTokenRequest): Promise<CreatedPersonalToken>;
}

export interface PersonalTokenRouteParts extends ContextParts {
  readonly rules: PersonalTokenRules;
}

export const addPersonalTokenRoutes = (app: FastifyInstance, parts: PersonalTokenRouteParts): void => {
  const { rules } = parts;
  serve(app, personalTokenRoutes.listPersonalTokens, 'principal', async (call) => {
    const rows = await rules.listPersonalTokens(contextOf(parts, call), pageRequest(call.query, readPosition));
    return { body: toPage(rows, call.query, cursorOf) };
  });
  serve(app, personalTokenRoutes.createPersonalToken, 'principal', async (call) => {
    const created = await rules.createPersonalToken(contextOf(parts, call), call.body);
    return { status: 201, body: created, createdId: created.id };
  });
  serve(app, personalTokenRoutes.revokePersonalToken, 'principal', async (call) => {
    await rules.revokePersonalToken(contextOf(parts, call), call.params.tokenId);
    return {};
  });
};
