import { Type, type Static } from 'typebox';
import {
  atLeastOne,
  CommunityId,
  field,
  named,
  nullable,
  pageFields,
  pageOf,
  SoughtText,
  Timestamp,
  UserId,
  Version,
} from '../fields.ts';
import { communityRoles } from '../permissions.ts';
import { group } from '../route.ts';
import { ChangeImpact, dryRunFields, orImpact } from './change-impact.ts';
import { HeldOwnRole, OwnRoleId } from './own-roles.ts';
import { communityTag } from './tags.ts';

const Role = Type.Enum([...communityRoles], {
  description: "The member's role: each holds all that the ones after it hold.",
  examples: ['member'],
});

export const Member = named('Member', 'A member of a community.', {
  userId: field(UserId, 'The id of the user.'),
  displayName: Type.String({ description: 'The name that the user chose.', examples: ['Ada Lovelace'] }),
  role: Role,
  ownRole: nullable(
    HeldOwnRole,
    'The role of the community’s own that the member holds: `role` is the lowest built-in one that includes it then. Null for a built-in role.',
  ),
  version: Version,
  joinedAt: field(Timestamp, 'When the user joined.'),
});
export type Member = Static<typeof Member>;

const params = { communityId: CommunityId, userId: field(UserId, 'The member.') };
const subject = { type: 'member', parameter: 'userId' } as const;

export const memberRoutes = group(communityTag, {
  listMembers: {
    method: 'GET',
    path: '/v1/communities/:communityId/members',
    summary: 'Who belongs to a community, and as what.',
    permission: 'member:read',
    action: 'member.list',
    subject: { type: 'community', parameter: 'communityId' },
    params: { communityId: CommunityId },
    query: {
      ...pageFields,
      q: Type.Optional(field(SoughtText, 'Only the members whose name contains this text, in any case.', 'ada')),
      role: Type.Optional(Role),
      notContributedForDays: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 3650,
          description: 'Only the members who joined, and contributed last, at least so many days ago.',
          examples: [30],
        }),
      ),
    },
    responses: { 200: pageOf('Member', Member) },
  },
  getMember: {
    method: 'GET',
    path: '/v1/communities/:communityId/members/:userId',
    summary: 'One member.',
    permission: 'member:read',
    action: 'member.read',
    subject,
    params,
    responses: { 200: Member },
    answersVersion: true,
  },
  updateMember: {
    method: 'PATCH',
    path: '/v1/communities/:communityId/members/:userId',
    summary:
      'Give a member another role: a built-in one, or one of the community’s own. Nobody grants a role above their own; the last owner stays owner.',
    permission: 'member:update',
    action: 'member.update',
    subject,
    changesMemberships: true,
    params,
    body: atLeastOne({ role: Type.Optional(Role), ownRoleId: Type.Optional(OwnRoleId) }),
    example: { body: { role: 'member' } },
    query: dryRunFields,
    responses: { 200: orImpact(Member) },
    answersVersion: true,
    errors: ['CONFLICT', 'UNPROCESSABLE'],
    isVersioned: true,
  },
  // Leaving needs no permission and is audited as `member.leave`; removing someone else needs `member:remove`, which the
  // service requires: it tells the two apart.
  removeMember: {
    method: 'DELETE',
    path: '/v1/communities/:communityId/members/:userId',
    summary: 'Remove a member, or leave. The last owner cannot.',
    permission: 'community:read',
    action: 'member.remove',
    subject,
    changesMemberships: true,
    params,
    query: dryRunFields,
    responses: { 200: ChangeImpact, 204: null },
    errors: ['CONFLICT'],
  },
});
