import { codeRoutes } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { serve } from '@guildhall/http';
import type { ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { SignInAnswer } from '../core/challenges.ts';
import type { CodeSignIn, SignInCodeRequest } from '../core/code-sign-in.ts';
import type { CodeRequest } from '../core/codes.ts';
import type { AskedSignIn } from '../core/sign-in-code-store.ts';
import type { VisitorContext } from '../core/visitor.ts';
import { isForCookie, type CookieParts } from './browser-session.ts';
import { toSignInAnswer } from './sign-in-answer.ts';
import { visitorContextOf } from './visitor.ts';

export interface CodeRules {
  /** Sends a fresh code for a registration. */
  sendCode(context: VisitorContext, request: CodeRequest): Promise<void>;
  /** Returns the code token. */
  sendSignInCode(context: VisitorContext, request: SignInCodeRequest): Promise<string>;
  lookAtLink(linkToken: string): Promise<AskedSignIn & { readonly codeToken: string }>;
  verifyCode(context: VisitorContext, request: CodeRequest & { readonly code: string }): Promise<void>;
  signInWithCode(context: VisitorContext, request: CodeSignIn): Promise<SignInAnswer>;
}

export interface CodeRouteParts extends ContextParts, CookieParts {
  readonly rules: CodeRules;
}

const invalid = (message: string): AppError =>
  new AppError('INVALID', 'The request is not valid.', { errors: [{ path: '/codeToken', message }] });

/** The routes of one-time codes that confirm a registration or sign in. */
export const addCodeRoutes = (app: FastifyInstance, parts: CodeRouteParts): void => {
  const { rules } = parts;
  serve(app, codeRoutes.sendCode, 'anonymous', async (call) => {
    const { email, purpose, codeToken: given } = call.body;
    const context = visitorContextOf(parts, call);
    if (purpose !== 'verify_email') {
      if (given !== undefined) throw invalid('is for verify_email alone: a sign-in gets a code token of its own');
      return { body: { status: 'sent_if_known', codeToken: await rules.sendSignInCode(context, { email, purpose }) } } as const;
    }
    if (given === undefined) throw invalid('is needed: that of the registration');
    await rules.sendCode(context, { email, purpose, codeToken: given });
    return { body: { status: 'sent_if_known', codeToken: given } } as const;
  });
  serve(app, codeRoutes.lookAtLink, 'anonymous', async ({ body }) => ({ body: await rules.lookAtLink(body.linkToken) }));
  serve(app, codeRoutes.verifyCode, 'anonymous', async (call) => {
    const { purpose, deviceLabel, session, ...request } = call.body;
    const context = visitorContextOf(parts, call);
    if (purpose !== 'verify_email') {
      const inCookie = isForCookie(parts, session, call.sessionCookie);
      return toSignInAnswer(await rules.signInWithCode(context, { ...request, purpose, deviceLabel }), inCookie);
    }
    await rules.verifyCode(context, { ...request, purpose });
    return { body: { status: 'verified' } } as const;
  });
};
