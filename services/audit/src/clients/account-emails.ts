import { internalRoutes } from '@guildhall/contracts';
import { isAppError } from '@guildhall/errors';
import { answerOf, createInternalClient } from '@guildhall/http';
import type { InternalSigner } from '@guildhall/principal';

export interface AccountEmailsParts {
  /** Null: there is no auth to ask. */
  readonly authUrl: string | null;
  readonly signer: InternalSigner;
}

const timeoutMs = 2_000;
const Answer = answerOf(internalRoutes.findAccount.responses[200]);

/** The e-mail addresses of an account, as auth knows them; none without auth or for an unknown account. */
export const createAccountEmails = ({ authUrl, signer }: AccountEmailsParts) => {
  const client = authUrl === null ? null : createInternalClient({ baseUrl: authUrl, service: 'auth', signer, timeoutMs });
  return {
    /** Throws what asking auth throws: SERVICE_UNAVAILABLE while it is away. */
    emailsOf: async (userId: string, requestId: string): Promise<readonly string[]> => {
      if (client === null) return [];
      const path = `/internal/account?userId=${encodeURIComponent(userId)}`;
      try {
        return [(await client.call({ method: 'GET', path, requestId, answer: Answer })).email];
      } catch (error) {
        if (isAppError(error) && error.code === 'NOT_FOUND') return [];
        throw error;
      }
    },
    close: async (): Promise<void> => client?.close(),
  };
};
