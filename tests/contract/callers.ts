import { randomUUID } from 'node:crypto';
import type { CommunityRole } from '@guildhall/contracts';
import type { SharedDatabase } from '@guildhall/db';
import type { ServiceClient } from '@guildhall/testkit/service';
import { seedMember } from '../../services/team-resources/test/support/team-database.ts';
import type { Caller, RoutedService } from './route-client.ts';

/** A user and a session that only the gateway knows of. */
export const newUser = async (): Promise<Caller> => ({ userId: randomUUID(), sessionId: randomUUID() });

interface Started extends Pick<ServiceClient, 'asPrincipal' | 'asClient'> {
  readonly url: string;
  close(): Promise<void>;
}

/** Makes a user, and a member of a community by SQL alone. */
export const newMember = async (tables: SharedDatabase, communityId: string, role: CommunityRole): Promise<Caller> => {
  const user = await newUser();
  await seedMember(tables, communityId, user.userId, role);
  return user;
};

/** team-resources, with how another owner comes to be in a community. */
export const routedTeam = (team: Started & { readonly tables: SharedDatabase }): RoutedService => ({
  ...routed(team),
  newOwner: (communityId) => newMember(team.tables, communityId, 'owner'),
});

/** A started service, and how a user comes to be there. */
export const routed = (
  { url, asPrincipal, asClient, close }: Started,
  createUser: () => Promise<Caller> = newUser,
): RoutedService => ({
  url,
  asPrincipal,
  asClient,
  close,
  newCaller: async () => {
    const { userId, sessionId } = await createUser();
    return { userId, sessionId };
  },
});
