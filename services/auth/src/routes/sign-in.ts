import { authRoutes } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import type { ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { Tokens } from '../core/access-token.ts';
import type { SignInAnswer } from '../core/challenges.ts';
import { jwksFreshSeconds } from '../core/limits.ts';
import type { LogInRequest } from '../core/log-in.ts';
import type { VisitorContext } from '../core/visitor.ts';
import { isForCookie, requireCookieToken, tokensAnswer, type CookieParts } from './browser-session.ts';
import { toSignInAnswer } from './sign-in-answer.ts';
import { visitorContextOf } from './visitor.ts';

export interface SignInRules {
  logIn(context: VisitorContext, request: LogInRequest): Promise<SignInAnswer>;
  refresh(context: VisitorContext, token: string): Promise<Tokens>;
  publicKeys(): Promise<readonly Record<string, unknown>[]>;
}

export interface SignInRouteParts extends ContextParts, CookieParts {
  readonly rules: SignInRules;
}

/** The routes that begin and prolong a session, and what verifies its tokens. */
export const addSignInRoutes = (app: FastifyInstance, parts: SignInRouteParts): void => {
  const { rules } = parts;
  serve(app, authRoutes.logIn, 'anonymous', async (call) => {
    const { session, ...request } = call.body;
    const inCookie = isForCookie(parts, session, call.sessionCookie);
    return toSignInAnswer(await rules.logIn(visitorContextOf(parts, call), request), inCookie);
  });
  serve(app, authRoutes.refresh, 'anonymous', async (call) => {
    const { refreshToken } = call.body;
    const token = refreshToken ?? requireCookieToken(call.sessionCookie);
    return tokensAnswer(await rules.refresh(visitorContextOf(parts, call), token), refreshToken === undefined);
  });
  serve(app, authRoutes.getJwks, 'public', async () => ({
    body: { keys: await rules.publicKeys() },
    freshness: jwksFreshSeconds,
  }));
};
