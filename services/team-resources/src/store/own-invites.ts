import type { InviteView } from '@guildhall/contracts';
import { row, sql, type Connection, type Fragment, type RowOf } from '@guildhall/db';
import { Type } from 'typebox';
import type { OwnInviteStore } from '../core/own-invites.ts';
import { membershipOf } from './access.ts';
import { timestamp } from './fragments.ts';
import { openInvite, statusAt } from './invite-status.ts';
import { nullable, toHeldOwnRole } from './rows.ts';
import { invites } from './tables.ts';

const ViewRow = row(
  [invites],
  {
    id: Type.String(),
    role: Type.Enum(['admin', 'moderator', 'member', 'viewer']),
    ownRoleId: nullable(Type.String()),
    email: nullable(Type.String()),
    communityId: Type.String(),
    createdBy: Type.String(),
    createdAt: Type.String(),
    expiresAt: Type.String(),
  },
  {
    status: Type.Enum(['open', 'used', 'declined', 'revoked', 'expired']),
    ownRoleName: nullable(Type.String()),
    communityName: Type.String(),
    createdByName: Type.String(),
    isMember: Type.Boolean(),
  },
);

const views = (userId: string, at: string): Fragment => sql.fragment`
  SELECT invite.id, invite.role, invite.own_role_id, own.name AS own_role_name, invite.email, invite.community_id, invite.created_by, invite.created_at, invite.expires_at,
         ${statusAt(at)} AS status, community.name AS community_name, COALESCE(creator.display_name, '') AS created_by_name,
         membership.user_id IS NOT NULL AS is_member
  FROM team.invites AS invite
  JOIN team.communities AS community ON community.id = invite.community_id AND community.deleted_at IS NULL
  LEFT JOIN team.app_users AS creator ON creator.id = invite.created_by
  LEFT JOIN team.own_roles AS own ON own.id = invite.own_role_id
  LEFT ${membershipOf(userId)}`;

const toView = ({ email: _email, ownRoleId, ownRoleName, ...view }: RowOf<typeof ViewRow>): InviteView => ({
  ...view,
  ownRole: toHeldOwnRole({ ownRoleId, ownRoleName }),
});

export const createOwnInvites = (connection: Connection): OwnInviteStore => ({
  async findView(tokenHash, userId, at) {
    const found = await connection.maybeOne(sql.type(ViewRow)`${views(userId, at)} WHERE invite.token_hash = ${tokenHash}`);
    return found === null ? undefined : { view: toView(found), email: found.email };
  },
  async listTo(email, userId, { limit, after }, at) {
    const isAfter =
      after === null
        ? sql.fragment`true`
        : sql.fragment`(invite.created_at, invite.id) < (${timestamp(after.createdAt)}, ${after.id}::uuid)`;
    const rows = await connection.any(sql.type(ViewRow)`
      ${views(userId, at)}
      WHERE invite.email = ${email} AND ${openInvite(at)} AND membership.user_id IS NULL AND ${isAfter}
      ORDER BY invite.created_at DESC, invite.id DESC LIMIT ${limit}`);
    return rows.map(toView);
  },
});
