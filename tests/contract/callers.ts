import { randomUUID } from 'node:crypto';
import type { ServiceClient } from '@guildhall/testkit/service';
import type { Caller, RoutedService } from './route-client.ts';

/** A user and a session that only the gateway knows of. */
export const newUser = async (): Promise<Caller> => ({ userId: randomUUID(), sessionId: randomUUID() });

interface Started extends Pick<ServiceClient, 'asPrincipal'> {
  readonly url: string;
  close(): Promise<void>;
}

/** A started service, and how a user comes to be there. */
export const routed = ({ url, asPrincipal, close }: Started, createUser: () => Promise<Caller> = newUser): RoutedService => ({
  url,
  asPrincipal,
  close,
  newCaller: async () => {
    const { userId, sessionId } = await createUser();
    return { userId, sessionId };
  },
});
