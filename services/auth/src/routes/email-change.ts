import { emailChangeRoutes } from '@guildhall/contracts';
import { contextOf, serve } from '@guildhall/http';
import type { ContextParts, RequestContext, SignedInCaller } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { EmailChange } from '../core/change-email.ts';

export interface EmailChangeRules {
  /** Returns the code token. */
  sendEmailCode(
    context: RequestContext<SignedInCaller>,
    request: { readonly newEmail: string; readonly password?: string | undefined },
  ): Promise<string>;
  changeEmail(context: RequestContext<SignedInCaller>, change: EmailChange): Promise<void>;
}

export interface EmailChangeRouteParts extends ContextParts {
  readonly rules: EmailChangeRules;
}

export const addEmailChangeRoutes = (app: FastifyInstance, parts: EmailChangeRouteParts): void => {
  const { rules } = parts;
  serve(app, emailChangeRoutes.sendEmailCode, 'principal', async (call) => {
    const codeToken = await rules.sendEmailCode(contextOf(parts, call), call.body);
    return { body: { status: 'sent_if_free', codeToken } } as const;
  });
  serve(app, emailChangeRoutes.changeEmail, 'principal', async (call) => {
    await rules.changeEmail(contextOf(parts, call), call.body);
    return {};
  });
};
