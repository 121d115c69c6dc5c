import { authRoutes } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import type { ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { Tokens } from '../core/access-token.ts';
import { jwksFreshSeconds } from '../core/limits.ts';
import type { LogInRequest } from '../core/log-in.ts';
import type { VisitorContext } from '../core/visitor.ts';
import { visitorContextOf } from './visitor.ts';

export interface SignInRules {
  logIn(context: VisitorContext, request: LogInRequest): Promise<Tokens>;
  refresh(context: VisitorContext, token: string): Promise<Tokens>;
  publicKeys(): Promise<readonly Record<string, unknown>[]>;
}

export interface SignInRouteParts extends ContextParts {
  readonly rules: SignInRules;
}

/** The routes that begin and prolong a session, and what verifies its tokens. */
export const addSignInRoutes = (app: FastifyInstance, parts: SignInRouteParts): void => {
  const { rules } = parts;
  serve(app, authRoutes.logIn, 'anonymous', async (call) => ({
    body: await rules.logIn(visitorContextOf(parts, call), call.body),
  }));
  serve(app, authRoutes.refresh, 'anonymous', async (call) => ({
    body: await rules.refresh(visitorContextOf(parts, call), call.body.refreshToken),
  }));
  serve(app, authRoutes.getJwks, 'public', async () => ({
    body: { keys: await rules.publicKeys() },
    freshness: jwksFreshSeconds,
  }));
};
