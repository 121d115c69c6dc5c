import { inviteDeliveries, type Invite } from '@guildhall/contracts';
import { leftJoined, row, sql, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import { statusAt } from './invite-status.ts';
import { nullable, partial, Role, toHeldOwnRole, type OwnRoleColumns } from './rows.ts';
import { invites } from './tables.ts';

export const InviteStatus = Type.Enum(['open', 'used', 'declined', 'revoked', 'expired']);
export const inviteFields = {
  id: Type.String(),
  role: Type.Enum(['admin', 'moderator', 'member', 'viewer']),
  ownRoleId: nullable(Type.String()),
  email: nullable(Type.String()),
  usesLeft: Type.Integer(),
  createdBy: Type.String(),
  createdAt: Type.String(),
  expiresAt: Type.String(),
  delivery: Type.Enum([...inviteDeliveries]),
};
/** Left-joined to the CTE `access`: one row without an invite means that there is none. */
export const FoundInviteRow = row(
  [leftJoined(invites)],
  partial({ ...inviteFields, ownRoleId: Type.String(), email: Type.String() }),
  {
    callerRole: Role,
    status: Type.Optional(InviteStatus),
    ownRoleName: Type.Optional(Type.String()),
    createdByName: Type.Optional(Type.String()),
  },
);

/** The columns of an invite, with its status at a time. */
export const inviteColumns = (at: string): Fragment => sql.fragment`
  invite.id, invite.role, invite.own_role_id, invite.email, invite.uses_left, invite.created_by, invite.created_at, invite.expires_at,
  invite.delivery, (SELECT own.name FROM team.own_roles AS own WHERE own.id = invite.own_role_id) AS own_role_name,
  COALESCE((SELECT creator.display_name FROM team.app_users AS creator WHERE creator.id = invite.created_by), '') AS created_by_name,
  ${statusAt(at)} AS status`;

/** The columns of an invite in the subquery `seen`. */
export const seenInvite: Fragment = sql.fragment`
  seen.id, seen.role, seen.own_role_id, seen.own_role_name, seen.email, seen.uses_left, seen.status, seen.created_by, seen.created_by_name, seen.created_at,
  seen.expires_at, seen.delivery`;

type FoundInvite = Partial<Omit<Invite, 'ownRole'>>;

const isFound = (found: FoundInvite): found is Omit<Invite, 'email' | 'createdByName' | 'ownRole'> & FoundInvite =>
  found.id !== undefined;

/** The invite of a left-joined row; undefined for a row without one. */
export const toInvite = ({ ownRoleId, ownRoleName, ...found }: FoundInvite & OwnRoleColumns): Invite | undefined =>
  isFound(found)
    ? {
        ...found,
        ownRole: toHeldOwnRole({ ownRoleId, ownRoleName }),
        email: found.email ?? null,
        createdByName: found.createdByName ?? '',
      }
    : undefined;
