import { inviteDeliveries, type Invite } from '@guildhall/contracts';
import { leftJoined, row, sql, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import { statusAt } from './invite-status.ts';
import { nullable, partial, Role } from './rows.ts';
import { invites } from './tables.ts';

export const InviteStatus = Type.Enum(['open', 'used', 'declined', 'revoked', 'expired']);
export const inviteFields = {
  id: Type.String(),
  role: Type.Enum(['admin', 'moderator', 'member', 'viewer']),
  email: nullable(Type.String()),
  usesLeft: Type.Integer(),
  createdBy: Type.String(),
  createdAt: Type.String(),
  expiresAt: Type.String(),
  delivery: Type.Enum([...inviteDeliveries]),
};
/** Left-joined to the CTE `access`: one row without an invite means that there is none. */
export const FoundInviteRow = row([leftJoined(invites)], partial({ ...inviteFields, email: Type.String() }), {
  callerRole: Role,
  status: Type.Optional(InviteStatus),
  createdByName: Type.Optional(Type.String()),
});

/** The columns of an invite, with its status at a time. */
export const inviteColumns = (at: string): Fragment => sql.fragment`
  invite.id, invite.role, invite.email, invite.uses_left, invite.created_by, invite.created_at, invite.expires_at, invite.delivery,
  COALESCE((SELECT creator.display_name FROM team.app_users AS creator WHERE creator.id = invite.created_by), '') AS created_by_name,
  ${statusAt(at)} AS status`;

/** The columns of an invite in the subquery `seen`. */
export const seenInvite: Fragment = sql.fragment`
  seen.id, seen.role, seen.email, seen.uses_left, seen.status, seen.created_by, seen.created_by_name, seen.created_at,
  seen.expires_at, seen.delivery`;

const isFound = (found: Partial<Invite>): found is Omit<Invite, 'email' | 'createdByName'> & Partial<Invite> =>
  found.id !== undefined;

/** The invite of a left-joined row; undefined for a row without one. */
export const toInvite = (found: Partial<Invite>): Invite | undefined =>
  isFound(found) ? { ...found, email: found.email ?? null, createdByName: found.createdByName ?? '' } : undefined;
