import { internalRoutes } from '@guildhall/contracts';
import { answerOf, createInternalClient } from '@guildhall/http';
import type { InternalSigner } from '@guildhall/principal';
import type { UserDirectory } from '../core/rebuild-app-users.ts';

export interface UserDirectoryParts {
  readonly authUrl: string;
  readonly signer: InternalSigner;
}

const timeoutMs = 10_000;
const { method, path, responses } = internalRoutes.listAnnouncedUsers;
const Answer = answerOf(responses[200]);

/** The users of the installation, read from auth's internal port. */
export const createUserDirectory = ({ authUrl, signer }: UserDirectoryParts): UserDirectory & { close(): Promise<void> } => {
  const client = createInternalClient({ baseUrl: authUrl, service: 'auth', signer, timeoutMs });
  return {
    list: (after) => {
      const query = after === null ? '' : `?after=${encodeURIComponent(after)}`;
      return client.call({ method, path: `${path}${query}`, answer: Answer });
    },
    close: () => client.close(),
  };
};
