import { Type, type Static } from 'typebox';
import { CommunityId, field, named, nullable, UserId } from '../fields.ts';
import { communityPermissions, communityRoles, type CommunityPermission } from '../permissions.ts';
import { group } from '../route.ts';
import { communityTag } from './tags.ts';

/** The abilities that settings and councils of a community give its members, beside the permissions of their roles. */
export const communityAbilities = [
  'dispute:resolve',
  'metrics:active-members',
  'metrics:wealth-generation',
  'metrics:trust-network',
  'metrics:council-activity',
  'metrics:needs-fulfillment',
  'metrics:dispute-rate',
] as const;
export type CommunityAbility = (typeof communityAbilities)[number];

/** A right in a community: a permission of a role, or an ability that settings and councils decide about. */
export type CommunityRight = CommunityPermission | CommunityAbility;
export const communityRights: readonly CommunityRight[] = [...communityPermissions, ...communityAbilities];

export const CommunityRightField = Type.Enum([...communityRights], {
  description:
    'A permission within a community: what may be done to which noun. Or an ability that settings decide about: resolving disputes, seeing a metric.',
  examples: ['trust:award'],
});
export const RuleField = Type.Enum(
  ['membership', 'role', 'trust-threshold', 'poll-creators', 'dispute-councils', 'metric-visibility'],
  {
    description:
      'The rule that decided: belonging to the community, the role, a trust threshold, the list of poll creators, the councils that handle disputes, or the metrics that members see.',
    examples: ['trust-threshold'],
  },
);

export const PermissionExplanation = named('PermissionExplanation', 'Whether a user may do something in a community, and why.', {
  userId: field(UserId, 'The user.'),
  permission: CommunityRightField,
  isAllowed: Type.Boolean({ description: 'Whether the user may.' }),
  rule: RuleField,
  role: nullable(
    Type.Enum([...communityRoles], { description: 'The role of the user in the community.', examples: ['member'] }),
    'The role of the user in the community; null for who does not belong to it.',
  ),
  globalPermissions: nullable(
    Type.Array(Type.String(), { description: 'Names of global permissions.', examples: [['community:create']] }),
    'The global permissions of the user, which are known of the caller alone: null for another user, whose are not looked at. None of them decides about anything within a community.',
  ),
  explanation: Type.String({
    description: 'The decision in words.',
    examples: ['The trust score is 3, and the community asks for 15.'],
  }),
});
export type PermissionExplanation = Static<typeof PermissionExplanation>;

export const OwnPermissions = named('OwnPermissions', 'What the caller may do in a community.', {
  userId: field(UserId, 'The caller.'),
  role: Type.Enum([...communityRoles], {
    description: 'The role of the caller: a built-in one, or the lowest one that includes their own role.',
    examples: ['member'],
  }),
  permissions: Type.Array(CommunityRightField, {
    description: 'What they may do, by role and by the rules that settings add: each that an explanation would allow.',
    examples: [['community:read', 'poll:vote']],
  }),
});
export type OwnPermissions = Static<typeof OwnPermissions>;

export const communityPermissionRoutes = group(communityTag, {
  listOwnPermissions: {
    method: 'GET',
    path: '/v1/communities/:communityId/permissions',
    summary: 'What the caller may do in a community, by role, trust thresholds and settings.',
    permission: 'community:read',
    action: 'permission.list',
    subject: { type: 'community', parameter: 'communityId' },
    params: { communityId: CommunityId },
    responses: { 200: OwnPermissions },
  },
  explainPermission: {
    method: 'GET',
    path: '/v1/communities/:communityId/permissions/explain',
    summary: 'Whether a user may do something in a community, and which rule decides it.',
    permission: 'member:read',
    action: 'permission.explain',
    subject: { type: 'community', parameter: 'communityId' },
    params: { communityId: CommunityId },
    query: { userId: field(UserId, 'The user.'), permission: CommunityRightField },
    responses: { 200: PermissionExplanation },
  },
});
