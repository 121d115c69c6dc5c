import { sql, uncheckedRow, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { InboxStore } from '../core/inbox.ts';
import type { PageRequest } from '@guildhall/resources';
import { membershipJoin, membershipOf, roleIncludes } from './access.ts';
import { handlesDisputes, isSide } from './disputes.ts';
import { afterPosition, timestamp } from './fragments.ts';
import { openInvite } from './invite-status.ts';

const ItemRow = uncheckedRow({
  kind: Type.Enum(['invite', 'request', 'vote', 'dispute', 'thread']),
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

/** The condition for what comes after the position of the page, by its time and id. */
const isAfter = (time: Fragment, id: Fragment, { after }: PageRequest): Fragment =>
  after === null ? sql.fragment`true` : sql.fragment`(${time}, ${id}) < (${timestamp(after.createdAt)}, ${after.id}::uuid)`;

/** The pending requests for wealth that the user offers: of each wealth no more than a page holds. */
const requests = (userId: string, page: PageRequest): Fragment => sql.fragment`
  SELECT 'request' AS kind, request.id, community.id AS community_id, community.name AS community_name, wealth.title, request.created_at
  FROM team.wealth AS wealth
  ${membershipJoin(sql.fragment`wealth.community_id`, userId)}
  CROSS JOIN LATERAL (
    SELECT asked.id, asked.created_at FROM team.wealth_requests AS asked
    WHERE asked.wealth_id = wealth.id AND asked.status = 'pending' AND ${isAfter(sql.fragment`asked.created_at`, sql.fragment`asked.id`, page)}
    ORDER BY asked.created_at DESC, asked.id DESC LIMIT ${page.limit}
  ) AS request
  WHERE wealth.created_by = ${userId} AND wealth.deleted_at IS NULL`;

/** The open invites to the user's address. */
const invites = (userId: string, email: string, at: string): Fragment => sql.fragment`
  SELECT 'invite' AS kind, invite.id, community.id AS community_id, community.name AS community_name, community.name AS title,
         invite.created_at
  FROM team.invites AS invite
  JOIN team.communities AS community ON community.id = invite.community_id AND community.deleted_at IS NULL
  LEFT ${membershipOf(userId)}
  WHERE invite.email = ${email} AND membership.user_id IS NULL AND ${openInvite(at)}`;

/** The open disputes that the user may resolve: they handle the disputes of the community, and are no side of this one. */
const disputes = (userId: string): Fragment => sql.fragment`
  SELECT 'dispute' AS kind, dispute.id, community.id AS community_id, community.name AS community_name, w.title, dispute.created_at
  FROM team.disputes AS dispute
  JOIN team.wealth_requests AS request ON request.id = dispute.wealth_request_id
  JOIN team.wealth AS w ON w.id = request.wealth_id
  ${membershipJoin(sql.fragment`dispute.community_id`, userId)}
  WHERE dispute.status = 'open' AND ${handlesDisputes(userId)} AND NOT ${isSide(userId)}`;

/** The threads with posts that the user has not read, written since they joined: of each forum no more than a page holds. */
const threads = (userId: string, page: PageRequest): Fragment => sql.fragment`
  SELECT 'thread' AS kind, unread.id, community.id AS community_id, community.name AS community_name, unread.title, unread.created_at
  FROM team.resource_memberships AS membership
  JOIN team.communities AS community
    ON community.id = membership.resource_id AND membership.resource_type = 'community' AND community.deleted_at IS NULL
  JOIN team.forums AS forum ON forum.community_id = community.id AND forum.deleted_at IS NULL
  CROSS JOIN LATERAL (
    SELECT thread.id, thread.title, thread.last_post_at AS created_at
    FROM team.forum_threads AS thread
    LEFT JOIN team.forum_reads AS mark ON mark.forum_thread_id = thread.id AND mark.user_id = ${userId}
    WHERE thread.forum_id = forum.id AND thread.deleted_at IS NULL AND thread.last_post_at >= membership.joined_at
      AND thread.last_post_number > coalesce(mark.last_read_number, 0)
      AND ${isAfter(sql.fragment`thread.last_post_at`, sql.fragment`thread.id`, page)}
    ORDER BY thread.last_post_at DESC, thread.id DESC LIMIT ${page.limit}
  ) AS unread
  WHERE membership.user_id = ${userId} AND membership.deleted_at IS NULL AND ${roleIncludes('forum:read')}`;

export const createInbox = (connection: Connection): InboxStore => ({
  list: ({ userId, email }, { page, kind = null }, at) =>
    connection.any(sql.type(ItemRow)`
      WITH waiting AS (
        ${votes(userId, at)}
        UNION ALL ${requests(userId, page)}
        UNION ALL ${invites(userId, email, at)}
        UNION ALL ${disputes(userId)}
        UNION ALL ${threads(userId, page)}
      )
      SELECT kind, id, community_id, community_name, title, created_at FROM waiting
      WHERE (${kind}::text IS NULL OR kind = ${kind}::text) AND ${afterPosition(page.after)}
      ORDER BY created_at DESC, id DESC LIMIT ${page.limit}`),
});
