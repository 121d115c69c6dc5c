import { authRoutes } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import type { Tokens } from '../core/access-token.ts';
import type { CodeRequest } from '../core/verify-email.ts';
import type { LogInRequest } from '../core/log-in.ts';
import type { Origin } from '../core/origin.ts';
import type { RegisterRequest } from '../core/register.ts';
import { originOf } from './origin.ts';

export interface SignInRules {
  register(request: RegisterRequest, origin: Origin): Promise<void>;
  sendCode(request: CodeRequest): Promise<void>;
  verifyCode(request: CodeRequest & { readonly code: string }, origin: Origin): Promise<void>;
  logIn(request: LogInRequest, origin: Origin): Promise<Tokens>;
  refresh(token: string, origin: Origin): Promise<Tokens>;
  publicKeys(): Promise<readonly Record<string, unknown>[]>;
}

/** Tokens belong into no cache (RFC 6749, section 5.1). */
const unstored = { 'cache-control': 'no-store' };
/** Shorter than a new key is published before it signs. */
const jwksHeaders = { 'cache-control': 'public, max-age=300' };

/** What can be asked without being signed in. */
export const signInRoutes = (app: FastifyInstance, rules: SignInRules): void => {
  serve(app, authRoutes.register, 'public', async (call) => {
    await rules.register(call.body, originOf(call));
    return { body: { status: 'verification_sent' } };
  });
  serve(app, authRoutes.sendCode, 'public', async ({ body }) => {
    await rules.sendCode(body);
    return { body: { status: 'sent_if_known' } };
  });
  serve(app, authRoutes.verifyCode, 'public', async (call) => {
    await rules.verifyCode(call.body, originOf(call));
    return { body: { status: 'verified' } };
  });
  serve(app, authRoutes.logIn, 'public', async (call) => ({
    body: await rules.logIn(call.body, originOf(call)),
    headers: unstored,
  }));
  serve(app, authRoutes.refresh, 'public', async (call) => ({
    body: await rules.refresh(call.body.refreshToken, originOf(call)),
    headers: unstored,
  }));
  serve(app, authRoutes.getJwks, 'public', async () => ({ body: { keys: await rules.publicKeys() }, headers: jwksHeaders }));
};
