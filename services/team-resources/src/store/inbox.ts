import { sql, uncheckedRow, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { InboxStore } from '../core/inbox.ts';
import { membershipJoin, membershipOf } from './access.ts';
import { afterPosition, timestamp } from './fragments.ts';
import { openInvite } from './invite-status.ts';

const ItemRow = uncheckedRow({
  kind: Type.Enum(['invite', 'request', 'vote']),
  id: Type.String(),
  communityId: Type.String(),
  communityName: Type.String(),
  title: Type.String(),
  createdAt: Type.String(),
});

/** The open polls in which the user may vote and has not. */
const votes = (userId: string, at: string): Fragment => sql.fragment`
  SELECT 'vote' AS kind, poll.id, community.id AS community_id, community.name AS community_name, poll.question AS title, poll.created_at
  FROM team.poll_electors AS elector
  JOIN team.polls AS poll ON poll.id = elector.poll_id AND poll.deleted_at IS NULL AND poll.closed_at IS NULL
  ${membershipJoin(sql.fragment`poll.community_id`, userId)}
  WHERE elector.user_id = ${userId} AND (poll.closes_at IS NULL OR poll.closes_at > ${timestamp(at)})
    AND NOT EXISTS (SELECT 1 FROM team.poll_ballots AS ballot WHERE ballot.poll_elector_id = elector.id)`;

/** The pending requests for wealth that the user offers. */
const requests = (userId: string): Fragment => sql.fragment`
  SELECT 'request' AS kind, request.id, community.id AS community_id, community.name AS community_name, wealth.title, request.created_at
  FROM team.wealth AS wealth
  JOIN team.wealth_requests AS request ON request.wealth_id = wealth.id AND request.status = 'pending'
  ${membershipJoin(sql.fragment`wealth.community_id`, userId)}
  WHERE wealth.created_by = ${userId} AND wealth.deleted_at IS NULL`;

/** The open invites to the user's address. */
const invites = (userId: string, email: string, at: string): Fragment => sql.fragment`
  SELECT 'invite' AS kind, invite.id, community.id AS community_id, community.name AS community_name, community.name AS title,
         invite.created_at
  FROM team.invites AS invite
  JOIN team.communities AS community ON community.id = invite.community_id AND community.deleted_at IS NULL
  LEFT ${membershipOf(userId)}
  WHERE invite.email = ${email} AND membership.user_id IS NULL AND ${openInvite(at)}`;

export const createInbox = (connection: Connection): InboxStore => ({
  list: ({ userId, email }, { page: { limit, after }, kind = null }, at) =>
    connection.any(sql.type(ItemRow)`
      WITH waiting AS (
        ${votes(userId, at)}
        UNION ALL ${requests(userId)}
        UNION ALL ${invites(userId, email, at)}
      )
      SELECT kind, id, community_id, community_name, title, created_at FROM waiting
      WHERE (${kind}::text IS NULL OR kind = ${kind}::text) AND ${afterPosition(after)}
      ORDER BY created_at DESC, id DESC LIMIT ${limit}`),
});
