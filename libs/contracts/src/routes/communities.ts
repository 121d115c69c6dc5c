import { Type, type Static } from 'typebox';
import { Description, Email, Name, pageFields, pageOf, Timestamp, UserId, Uuid, Version } from '../fields.ts';
import { communityRoles } from '../permissions.ts';
import { route } from '../route.ts';

const tag = 'communities';
const closed = { additionalProperties: false } as const;
const CommunityParams = Type.Object({ communityId: Uuid }, closed);
const RoleInCommunity = Type.Enum([...communityRoles]);

export const Community = Type.Object(
  {
    id: Uuid,
    name: Name,
    description: Description,
    role: RoleInCommunity,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  closed,
);
/** A community as one of its members sees it; `role` is the caller's own. */
export type Community = Static<typeof Community>;

export const Member = Type.Object(
  { userId: UserId, displayName: Type.String(), role: RoleInCommunity, version: Version, joinedAt: Timestamp },
  closed,
);
export type Member = Static<typeof Member>;

/** Nobody is invited as owner: ownership is handed over by an owner. */
const InvitedRole = Type.Enum(['admin', 'moderator', 'member', 'viewer']);

export const Invite = Type.Object(
  {
    id: Uuid,
    role: InvitedRole,
    email: Type.Union([Email, Type.Null()]),
    usesLeft: Type.Integer({ minimum: 0 }),
    status: Type.Enum(['open', 'used', 'declined', 'revoked', 'expired']),
    createdAt: Timestamp,
    expiresAt: Timestamp,
  },
  closed,
);
export type Invite = Static<typeof Invite>;

/** `token` is shown this once; only its hash is kept. */
export const NewInvite = Type.Object({ ...Invite.properties, token: Type.String() }, closed);
export type NewInvite = Static<typeof NewInvite>;

export const listCommunities = route({
  name: 'listCommunities',
  method: 'GET',
  path: '/v1/communities',
  tag,
  summary: 'The communities the caller belongs to.',
  query: Type.Object(pageFields, closed),
  responses: { 200: pageOf(Community) },
  errors: ['UNAUTHENTICATED'],
});

export const createCommunity = route({
  name: 'createCommunity',
  method: 'POST',
  path: '/v1/communities',
  tag,
  summary: 'Found a community; the caller becomes its owner.',
  body: Type.Object({ name: Name, description: Type.Optional(Description) }, closed),
  responses: { 201: Community },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'UNPROCESSABLE', 'TOO_LARGE'],
  isIdempotentCreate: true,
});

export const getCommunity = route({
  name: 'getCommunity',
  method: 'GET',
  path: '/v1/communities/:communityId',
  tag,
  summary: 'One community.',
  params: CommunityParams,
  responses: { 200: Community },
  errors: ['UNAUTHENTICATED', 'NOT_FOUND'],
});

export const updateCommunity = route({
  name: 'updateCommunity',
  method: 'PATCH',
  path: '/v1/communities/:communityId',
  tag,
  summary: 'Rename a community or change its description.',
  params: CommunityParams,
  body: Type.Object({ name: Type.Optional(Name), description: Type.Optional(Description) }, { ...closed, minProperties: 1 }),
  responses: { 200: Community },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'VERSION_MISMATCH', 'VERSION_REQUIRED', 'TOO_LARGE'],
  isVersioned: true,
});

export const deleteCommunity = route({
  name: 'deleteCommunity',
  method: 'DELETE',
  path: '/v1/communities/:communityId',
  tag,
  summary: 'Delete a community and hide all that is in it; it can be restored.',
  params: CommunityParams,
  responses: { 204: null },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'VERSION_MISMATCH', 'VERSION_REQUIRED'],
  isVersioned: true,
});

export const listMembers = route({
  name: 'listMembers',
  method: 'GET',
  path: '/v1/communities/:communityId/members',
  tag,
  summary: 'Who belongs to a community, and as what.',
  params: CommunityParams,
  query: Type.Object(pageFields, closed),
  responses: { 200: pageOf(Member) },
  errors: ['UNAUTHENTICATED', 'NOT_FOUND'],
});

const MemberParams = Type.Object({ communityId: Uuid, userId: UserId }, closed);

export const updateMember = route({
  name: 'updateMember',
  method: 'PATCH',
  path: '/v1/communities/:communityId/members/:userId',
  tag,
  summary: 'Change a member’s role. Nobody grants a role above their own; the last owner stays owner.',
  params: MemberParams,
  body: Type.Object({ role: RoleInCommunity }, closed),
  responses: { 200: Member },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'VERSION_MISMATCH', 'VERSION_REQUIRED', 'TOO_LARGE'],
  isVersioned: true,
});

export const removeMember = route({
  name: 'removeMember',
  method: 'DELETE',
  path: '/v1/communities/:communityId/members/:userId',
  tag,
  summary: 'Remove a member, or leave. The last owner cannot.',
  params: MemberParams,
  responses: { 204: null },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
});

export const listInvites = route({
  name: 'listInvites',
  method: 'GET',
  path: '/v1/communities/:communityId/invites',
  tag: 'invites',
  summary: 'The invites of a community, newest first.',
  params: CommunityParams,
  query: Type.Object(pageFields, closed),
  responses: { 200: pageOf(Invite) },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND'],
});

export const createInvite = route({
  name: 'createInvite',
  method: 'POST',
  path: '/v1/communities/:communityId/invites',
  tag: 'invites',
  summary: 'Invite to a community, to an address or as a link. The token is shown this once.',
  params: CommunityParams,
  body: Type.Object(
    {
      role: InvitedRole,
      email: Type.Optional(Email),
      uses: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 1 })),
      expiresInSeconds: Type.Optional(Type.Integer({ minimum: 60, maximum: 2_592_000, default: 604_800 })),
    },
    closed,
  ),
  responses: { 201: NewInvite },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'UNPROCESSABLE', 'TOO_LARGE'],
  isIdempotentCreate: true,
});

export const revokeInvite = route({
  name: 'revokeInvite',
  method: 'DELETE',
  path: '/v1/communities/:communityId/invites/:inviteId',
  tag: 'invites',
  summary: 'Take an invite back.',
  params: Type.Object({ communityId: Uuid, inviteId: Uuid }, closed),
  responses: { 204: null },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND'],
});

const InviteTokenBody = Type.Object({ token: Type.String({ minLength: 1, maxLength: 200 }) }, closed);

export const acceptInvite = route({
  name: 'acceptInvite',
  method: 'POST',
  path: '/v1/invites/accept',
  tag: 'invites',
  summary: 'Join the community that an invite is for.',
  body: InviteTokenBody,
  responses: { 200: Community },
  errors: ['UNAUTHENTICATED', 'NOT_FOUND', 'CONFLICT', 'GONE', 'TOO_LARGE'],
});

export const declineInvite = route({
  name: 'declineInvite',
  method: 'POST',
  path: '/v1/invites/decline',
  tag: 'invites',
  summary: 'Decline an invite that was sent to the caller’s address.',
  body: InviteTokenBody,
  responses: { 204: null },
  errors: ['UNAUTHENTICATED', 'NOT_FOUND', 'GONE', 'TOO_LARGE'],
});
