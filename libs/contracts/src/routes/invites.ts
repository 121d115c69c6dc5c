import { Type, type Static } from 'typebox';
import {
  CommunityId,
  CreatedAt,
  CreatedBy,
  CreatorName,
  Email,
  field,
  named,
  nullable,
  pageFields,
  pageOf,
  Timestamp,
  Uuid,
} from '../fields.ts';
import { group } from '../route.ts';
import { Community } from './communities.ts';
import { HeldOwnRole, OwnRoleId } from './own-roles.ts';

/** The roles that an invite may give: all but owner, because only an owner hands over ownership. */
const InvitedRole = Type.Enum(['admin', 'moderator', 'member', 'viewer'], {
  description: 'The role of whoever accepts the invite.',
  examples: ['member'],
});
const Token = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'The secret of the invite.',
  examples: ['Zk3vQ1dX0mR7sT2uW5yB8eH4jL6nP9aC'],
});

/** The states of the mail of an invite. */
export const inviteDeliveries = ['link_only', 'waiting', 'sent', 'refused', 'failed', 'held'] as const;

const fields = {
  id: field(Uuid, 'The id of the invite.', 'c1d2e3f4-a5b6-4c7d-8e9f-0a1b2c3d4e5f'),
  role: InvitedRole,
  ownRole: nullable(
    HeldOwnRole,
    'The role of the community’s own that it gives: `role` is the lowest built-in one that includes it then. Null for a built-in role.',
  ),
  email: nullable(Email, 'The only address that may accept; null for an invite by link.'),
  usesLeft: Type.Integer({ minimum: 0, description: 'How many more users may accept.', examples: [1] }),
  status: Type.Enum(['open', 'used', 'declined', 'revoked', 'expired'], {
    description:
      'Only an open invite can be accepted. An invite is revoked, too, when whoever made it may not invite to its role any more.',
  }),
  createdBy: field(CreatedBy, 'The user who made it. It falls with their right to invite.'),
  createdByName: CreatorName,
  createdAt: CreatedAt,
  expiresAt: field(Timestamp, 'Until when it can be accepted.', '2026-02-07T08:30:00.000Z'),
  delivery: Type.Enum([...inviteDeliveries], {
    description:
      'What became of its mail. `link_only`: there is none, because the invite is to no address or this installation has no mail server; pass the link on. `waiting`: it is on its way. `sent`: the mail server took it. `refused`: the mail server refuses the address. `failed`: it could not be handed over in time. `held`: the address was sent too many invites lately; send it again later.',
  }),
};
export const Invite = named('Invite', 'An invite to a community.', fields);
export type Invite = Static<typeof Invite>;

export const NewInvite = named('NewInvite', 'An invite with its token, as only its creation shows it.', {
  ...fields,
  token: field(Type.String(), 'The secret of the invite. It is shown this once.', 'Zk3vQ1dX0mR7sT2uW5yB8eH4jL6nP9aC'),
});
/** `token` is shown this once; only its hash is kept. */
export type NewInvite = Static<typeof NewInvite>;

const viewFields = {
  id: fields.id,
  role: fields.role,
  ownRole: fields.ownRole,
  status: fields.status,
  expiresAt: fields.expiresAt,
  communityId: CommunityId,
  communityName: Type.String({ description: 'The name of the community.', examples: ['Payments'] }),
  isMember: Type.Boolean({ description: 'Whether the caller belongs to the community already.' }),
  createdBy: fields.createdBy,
  createdByName: fields.createdByName,
  createdAt: CreatedAt,
};
export const InviteView = named(
  'InviteView',
  'An invite as whoever may accept it sees it: who invites, to what, as what.',
  viewFields,
);
export type InviteView = Static<typeof InviteView>;

export const MyInvite = named(
  'MyInvite',
  "An open invite to the caller's own address, with the secret to accept or decline it.",
  {
    ...viewFields,
    token: field(Type.String(), 'The secret of the invite, for the address that it is to.', 'Zk3vQ1dX0mR7sT2uW5yB8eH4jL6nP9aC'),
  },
);
export type MyInvite = Static<typeof MyInvite>;

const InviteId = field(Uuid, 'The invite.', 'c1d2e3f4-a5b6-4c7d-8e9f-0a1b2c3d4e5f');

const ofInvite = { type: 'invite', id: 'unknown' } as const;

const tag = { name: 'invites', description: 'Invites into a community, to an address or by link.' };

export const inviteRoutes = group(tag, {
  listInvites: {
    method: 'GET',
    path: '/v1/communities/:communityId/invites',
    summary: 'The invites of a community, newest first.',
    permission: 'invite:read',
    action: 'invite.list',
    subject: { type: 'community', parameter: 'communityId' },
    params: { communityId: CommunityId },
    query: pageFields,
    responses: { 200: pageOf('Invite', Invite) },
  },
  createInvite: {
    method: 'POST',
    path: '/v1/communities/:communityId/invites',
    summary: 'Invite to a community, to an address, which is sent a mail, or as a link. The token is shown this once.',
    permission: 'invite:create',
    action: 'invite.create',
    subject: { type: 'invite', id: 'new' },
    changesMemberships: true,
    params: { communityId: CommunityId },
    body: {
      role: Type.Optional(InvitedRole),
      ownRoleId: Type.Optional(field(OwnRoleId, 'A role of the community’s own, in place of `role`.')),
      email: Type.Optional(field(Email, 'The only address that may accept; absent for an invite by link.')),
      uses: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 1000, default: 1, description: 'How many users may accept.', examples: [1] }),
      ),
      expiresInSeconds: Type.Optional(
        Type.Integer({
          minimum: 60,
          maximum: 2_592_000,
          default: 604_800,
          description: 'How long it can be accepted, in seconds.',
          examples: [604_800],
        }),
      ),
    },
    example: { body: { role: 'member', email: 'ada@example.org', uses: 1, expiresInSeconds: 604_800 } },
    carriesSecrets: true,
    responses: { 201: NewInvite },
    location: '/v1/communities/:communityId/invites/:id',
    isIdempotentCreate: true,
    errors: ['UNPROCESSABLE'],
  },
  sendInvite: {
    method: 'POST',
    path: '/v1/communities/:communityId/invites/:inviteId/send',
    summary: 'Send the mail of an invite again, at most once a minute and ten times in all. The link stays the same.',
    permission: 'invite:create',
    action: 'invite.send',
    subject: { type: 'invite', parameter: 'inviteId' },
    params: { communityId: CommunityId, inviteId: InviteId },
    responses: { 200: Invite },
    errors: ['GONE', 'UNPROCESSABLE'],
  },
  revokeInvite: {
    method: 'DELETE',
    path: '/v1/communities/:communityId/invites/:inviteId',
    summary: 'Take an invite back.',
    permission: 'invite:revoke',
    action: 'invite.revoke',
    subject: { type: 'invite', parameter: 'inviteId' },
    changesMemberships: true,
    params: { communityId: CommunityId, inviteId: InviteId },
    responses: { 204: null },
  },
  acceptInvite: {
    method: 'POST',
    path: '/v1/invites/accept',
    summary: 'Join the community that an invite is for.',
    action: 'invite.accept',
    subject: ofInvite,
    changesMemberships: true,
    body: { token: Token },
    responses: { 200: Community },
    answersVersion: true,
    errors: ['NOT_FOUND', 'CONFLICT', 'GONE'],
  },
  // The token travels in the body, as it does when it is accepted: a URL is written to logs and histories.
  lookAtInvite: {
    method: 'POST',
    path: '/v1/invites/look',
    summary: 'Look at an invite before accepting it: who invites, to what, as what. Nothing changes.',
    action: 'invite.read',
    subject: ofInvite,
    body: { token: Token },
    responses: { 200: InviteView },
    errors: ['NOT_FOUND'],
  },
  listMyInvites: {
    method: 'GET',
    path: '/v1/me/invites',
    summary: "The open invites to the caller's own address, newest first.",
    action: 'invite.list',
    subject: { type: 'invite', id: 'own' },
    query: pageFields,
    responses: { 200: pageOf('MyInvite', MyInvite) },
  },
  declineInvite: {
    method: 'POST',
    path: '/v1/invites/decline',
    summary: 'Decline an invite that was sent to the caller’s address.',
    action: 'invite.decline',
    subject: ofInvite,
    changesMemberships: true,
    body: { token: Token },
    responses: { 204: null },
    errors: ['NOT_FOUND', 'GONE'],
  },
});
