import { passwordRoutes } from '@guildhall/contracts';
import { contextOf, serve } from '@guildhall/http';
import type { ContextParts, RequestContext, SignedInCaller } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { PasswordChange } from '../core/change-password.ts';
import type { PasswordReset } from '../core/reset-password.ts';
import type { VisitorContext } from '../core/visitor.ts';
import { visitorContextOf } from './visitor.ts';

export interface PasswordRules {
  changePassword(context: RequestContext<SignedInCaller>, change: PasswordChange): Promise<void>;
  /** Returns the code token. */
  sendResetCode(context: VisitorContext, email: string): Promise<string>;
  resetPassword(context: VisitorContext, request: PasswordReset): Promise<void>;
}

export interface PasswordRouteParts extends ContextParts {
  readonly rules: PasswordRules;
}

export const addPasswordRoutes = (app: FastifyInstance, parts: PasswordRouteParts): void => {
  const { rules } = parts;
  serve(app, passwordRoutes.changePassword, 'principal', async (call) => {
    await rules.changePassword(contextOf(parts, call), call.body);
    return {};
  });
  serve(app, passwordRoutes.sendResetCode, 'anonymous', async (call) => {
    const codeToken = await rules.sendResetCode(visitorContextOf(parts, call), call.body.email);
    return { body: { status: 'sent_if_known', codeToken } } as const;
  });
  serve(app, passwordRoutes.resetPassword, 'anonymous', async (call) => {
    await rules.resetPassword(visitorContextOf(parts, call), call.body);
    return {};
  });
};
