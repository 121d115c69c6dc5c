import type { Community, CommunityRole, NewInvite } from '@guildhall/contracts';
import { seedMembers } from './team-database.ts';
import { newUser, type TeamService, type User } from './team-service.ts';

/** A community with the given members. */
export interface Place {
  readonly id: string;
  readonly owner: User;
  /** One user of each asked-for role, in that order. */
  readonly members: readonly User[];
}

/** Brings someone in by an invite to their own address. */
export const admit = async (
  service: TeamService,
  owner: User,
  communityId: string,
  role: Exclude<CommunityRole, 'owner'>,
  user: User = newUser('Grace'),
): Promise<User> => {
  const invite = await service.as(owner)('POST', `/v1/communities/${communityId}/invites`, {
    body: { role, email: user.email },
  });
  const { token } = invite.body as NewInvite;
  const accepted = await service.as(user)('POST', '/v1/invites/accept', { body: { token } });
  if (accepted.status !== 200) throw new Error(`Joining answered ${accepted.status}.`);
  return user;
};

/** Founds a community whose members are put there by SQL: they joined by no invite, and no event tells of it. */
export const newPlace = async (service: TeamService, roles: readonly Exclude<CommunityRole, 'owner'>[] = []): Promise<Place> => {
  const owner = newUser();
  const { body } = await service.as(owner)('POST', '/v1/communities', { body: { name: 'Night shift' } });
  const { id } = body as Community;
  const members = roles.map(() => newUser('Grace'));
  if (members.length > 0)
    await seedMembers(
      service.tables,
      id,
      members.map(({ userId, displayName }, index) => ({ userId, displayName, role: roles[index] ?? '' })),
    );
  return { id, owner, members };
};

/** Founds a community whose members accept invites to their own addresses. */
export const newPlaceByInvites = async (
  service: TeamService,
  roles: readonly Exclude<CommunityRole, 'owner'>[],
): Promise<Place> => {
  const { id, owner } = await newPlace(service);
  const members: User[] = [];
  for (const role of roles) members.push(await admit(service, owner, id, role));
  return { id, owner, members };
};
