import { leftJoined, row, sql, type Connection } from '@guildhall/db';
import type { MailOutcome } from '@guildhall/contracts';
import { Type } from 'typebox';
import type { InviteMailStore } from '../core/invite-mails.ts';
import { communityAccess, heldRole } from './access.ts';
import { recordEvents, timestamp } from './fragments.ts';
import { inviteColumns, inviteFields, InviteStatus, seenInvite, toInvite } from './invite-rows.ts';
import { openInvite } from './invite-status.ts';
import { userMayInvite } from './inviters.ts';
import { partial, Role } from './rows.ts';
import { communities, inboxEvents, invites, resourceMemberships } from './tables.ts';

const TargetRow = row(
  [leftJoined(invites), resourceMemberships, communities],
  {
    ...partial({ ...inviteFields, ownRoleId: Type.String(), email: Type.String() }),
    name: Type.String(),
    mailsRequested: Type.Optional(Type.Integer()),
    resentAt: Type.Optional(Type.String()),
  },
  {
    callerRole: Role,
    invitedRole: Type.Optional(Role),
    status: Type.Optional(InviteStatus),
    ownRoleName: Type.Optional(Type.String()),
    createdByName: Type.Optional(Type.String()),
  },
);
const SavedRow = row([invites], { id: Type.String() });
const SettledRow = row([inboxEvents], { id: Type.String() });

/** The delivery that an outcome leaves: without a mail server the link is all that there is. */
const deliveryOf = (outcome: MailOutcome): string => (outcome === 'unavailable' ? 'link_only' : outcome);

const targetQuery = (userId: string, communityId: string, inviteId: string, at: string) => sql.type(TargetRow)`
  WITH access AS (${communityAccess(userId, communityId, 'community:read')}),
  seen AS (
    SELECT ${inviteColumns(at)}, invite.mails_requested, invite.resent_at, ${heldRole(sql.fragment`invite`)} AS invited_role
    FROM team.invites AS invite
    WHERE invite.id = ${inviteId}::uuid AND invite.community_id = ${communityId}::uuid
  )
  SELECT access.role AS caller_role, community.name, ${seenInvite}, seen.mails_requested, seen.resent_at,
         seen.invited_role
  FROM access JOIN team.communities AS community ON community.id = access.community_id LEFT JOIN seen ON true`;

export const createInviteMails = (connection: Connection): InviteMailStore => ({
  async findMailTarget(userId, communityId, inviteId, at) {
    const found = await connection.maybeOne(targetQuery(userId, communityId, inviteId, at));
    if (found === null) return undefined;
    const { callerRole: role, name: communityName, mailsRequested = 0, resentAt = null, invitedRole, ...invite } = found;
    return { role, communityName, mailsRequested, resentAt, invitedRole, invite: toInvite(invite) };
  },
  async requestMail({ communityId, userId, inviteId, tokenHash, mailsRequested, at, event, mail }) {
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${communityAccess(userId, communityId, 'invite:create')}),
      saved AS (
        UPDATE team.invites AS invite
        SET delivery = 'waiting', mail_request_id = ${mail.id}::uuid, resent_at = ${timestamp(at)},
            mails_requested = invite.mails_requested + 1, token_hash = ${tokenHash}, updated_at = ${timestamp(at)}
        FROM access
        WHERE invite.id = ${inviteId}::uuid AND invite.community_id = access.community_id AND ${userMayInvite(sql.fragment`${userId}`)}
          AND invite.mails_requested = ${mailsRequested} AND ${openInvite(at)}
        RETURNING invite.id
      ),
      ${recordEvents(event, mail)}
      SELECT id FROM saved`);
    return saved !== null;
  },
  async settle(messages) {
    const rows = messages.map(({ id, payload }) => [id, payload.requestId, deliveryOf(payload.outcome)]);
    await connection.any(sql.type(SettledRow)`
      WITH received AS (
        SELECT event_id, request_id, delivery
        FROM ${sql.unnest(rows, ['uuid', 'uuid', 'text'])} AS received (event_id, request_id, delivery)
      ),
      settled AS (
        UPDATE team.invites AS invite SET delivery = received.delivery
        FROM received
        WHERE invite.mail_request_id = received.request_id AND invite.delivery = 'waiting'
        RETURNING invite.id
      )
      INSERT INTO team.inbox_events (id, kind)
      SELECT DISTINCT event_id, 'invite-mail-settled' FROM received
      ON CONFLICT (id) DO NOTHING
      RETURNING id`);
  },
});
