import { registrationRoutes } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import type { ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { CodeRequest } from '../core/codes.ts';
import { passwordBytesMax, passwordBytesMin } from '../core/limits.ts';
import type { RegisterRequest, RegistrationMode } from '../core/register.ts';
import type { VisitorContext } from '../core/visitor.ts';
import { visitorContextOf } from './visitor.ts';

export interface RegistrationRules {
  /** Returns the code token. */
  register(context: VisitorContext, request: RegisterRequest): Promise<string>;
  sendCode(context: VisitorContext, request: CodeRequest): Promise<void>;
  verifyCode(context: VisitorContext, request: CodeRequest & { readonly code: string }): Promise<void>;
}

export interface RegistrationRouteParts extends ContextParts {
  readonly rules: RegistrationRules;
  readonly registration: RegistrationMode;
  readonly hasMailServer: boolean;
}

/** The routes that lead to an account. */
export const addRegistrationRoutes = (app: FastifyInstance, parts: RegistrationRouteParts): void => {
  const { rules, registration, hasMailServer } = parts;
  serve(app, registrationRoutes.getAuthMethods, 'public', async () => ({
    body: {
      methods: ['password'] as const,
      registration,
      hasMailServer,
      passwordRules: { bytesMin: passwordBytesMin, bytesMax: passwordBytesMax },
    },
  }));
  serve(app, registrationRoutes.register, 'anonymous', async (call) => {
    const codeToken = await rules.register(visitorContextOf(parts, call), call.body);
    return { body: { status: 'verification_sent', codeToken } } as const;
  });
  serve(app, registrationRoutes.sendCode, 'anonymous', async (call) => {
    await rules.sendCode(visitorContextOf(parts, call), call.body);
    return { body: { status: 'sent_if_known' } } as const;
  });
  serve(app, registrationRoutes.verifyCode, 'anonymous', async (call) => {
    await rules.verifyCode(visitorContextOf(parts, call), call.body);
    return { body: { status: 'verified' } } as const;
  });
};
