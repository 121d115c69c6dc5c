import { heldRoleOf, rankOfPermissions, type CommunityRole, type HeldOwnRole, type HeldRole } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import type { RequestContext } from '@guildhall/resources';
import type { OwnRoleStore } from './own-roles.ts';

/** The role that a request gives: a built-in one by name, or one of the community's own by id. */
export interface RoleChoice {
  readonly role?: CommunityRole;
  readonly ownRoleId?: string;
}

/** A role that is given to a member or by an invite. */
export interface GivenRole {
  /** The built-in role, or the lowest one that includes the own role. */
  readonly role: CommunityRole;
  readonly ownRole: HeldOwnRole | null;
  /** The role as its holder holds it. */
  readonly held: HeldRole;
}

/** Reads the role that a request gives. Throws INVALID unless it names exactly one, UNPROCESSABLE for an own role that is not there. */
export const findGivenRole = async (
  ownRoles: Pick<OwnRoleStore, 'find'>,
  { caller }: Pick<RequestContext, 'caller'>,
  communityId: string,
  { role, ownRoleId }: RoleChoice,
): Promise<GivenRole> => {
  if (role !== undefined && ownRoleId === undefined) return { role, ownRole: null, held: role };
  if (role !== undefined || ownRoleId === undefined) {
    const message = 'either this or /ownRoleId is wanted';
    throw new AppError('INVALID', 'Name either a built-in role or an own one.', { errors: [{ path: '/role', message }] });
  }
  const found = await ownRoles.find(caller.userId, { communityId, ownRoleId });
  if (found === undefined || found.isDeleted) throw new AppError('UNPROCESSABLE', 'The community has no such role of its own.');
  const { id, name, permissions } = found.item;
  return { role: rankOfPermissions(permissions), ownRole: { id, name }, held: heldRoleOf(permissions) };
};
