import { registrationRoutes } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import type { ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import { passwordBytesMax, passwordBytesMin } from '../core/limits.ts';
import type { RegisterRequest, RegistrationMode } from '../core/register.ts';
import type { VisitorContext } from '../core/visitor.ts';
import { visitorContextOf } from './visitor.ts';

export interface RegistrationRules {
  /** Returns the code token. */
  register(context: VisitorContext, request: RegisterRequest): Promise<string>;
}

export interface RegistrationRouteParts extends ContextParts {
  readonly rules: RegistrationRules;
  readonly registration: RegistrationMode;
  readonly hasMailServer: boolean;
  readonly isMailWorking: () => boolean;
  /** Whether browsers make passkeys for the public address. */
  readonly usesPasskeys: boolean;
  readonly providers: readonly { readonly id: string; readonly name: string }[];
}

const methods = ['password', 'otp', 'magic_link'] as const;

/** The routes that lead to an account. */
export const addRegistrationRoutes = (app: FastifyInstance, parts: RegistrationRouteParts): void => {
  const { rules, registration, hasMailServer, isMailWorking, providers, usesPasskeys } = parts;
  serve(app, registrationRoutes.getAuthMethods, 'public', async () => ({
    body: {
      methods: [...methods, ...(usesPasskeys ? (['passkey'] as const) : [])],
      providers: [...providers],
      registration,
      hasMailServer,
      isMailWorking: isMailWorking(),
      passwordRules: { bytesMin: passwordBytesMin, bytesMax: passwordBytesMax },
    },
  }));
  serve(app, registrationRoutes.register, 'anonymous', async (call) => {
    const codeToken = await rules.register(visitorContextOf(parts, call), call.body);
    return { body: { status: 'verification_sent', codeToken } } as const;
  });
};
