import { Type, type Static } from 'typebox';
import { CommunityId, field, named, nullable, UserId } from '../fields.ts';
import { communityPermissions, communityRoles } from '../permissions.ts';
import { group } from '../route.ts';
import { communityTag } from './tags.ts';

const Permission = Type.Enum([...communityPermissions], {
  description: 'A permission within a community: what may be done to which noun.',
  examples: ['trust:award'],
});

export const PermissionExplanation = named('PermissionExplanation', 'Whether a user may do something in a community, and why.', {
  userId: field(UserId, 'The user.'),
  permission: Permission,
  isAllowed: Type.Boolean({ description: 'Whether the user may.' }),
  rule: Type.Enum(['membership', 'role', 'trust-threshold', 'poll-creators'], {
    description: 'The rule that decided: belonging to the community, the role, a trust threshold, or the list of poll creators.',
    examples: ['trust-threshold'],
  }),
  role: nullable(
    Type.Enum([...communityRoles], { description: 'The role of the user in the community.', examples: ['member'] }),
    'The role of the user in the community; null for who does not belong to it.',
  ),
  explanation: Type.String({
    description: 'The decision in words.',
    examples: ['The trust score is 3, and the community asks for 15.'],
  }),
});
export type PermissionExplanation = Static<typeof PermissionExplanation>;

export const communityPermissionRoutes = group(communityTag, {
  explainPermission: {
    method: 'GET',
    path: '/v1/communities/:communityId/permissions/explain',
    summary: 'Whether a user may do something in a community, and which rule decides it.',
    permission: 'member:read',
    action: 'permission.explain',
    subject: { type: 'community', parameter: 'communityId' },
    params: { communityId: CommunityId },
    query: { userId: field(UserId, 'The user.'), permission: Permission },
    responses: { 200: PermissionExplanation },
  },
});
