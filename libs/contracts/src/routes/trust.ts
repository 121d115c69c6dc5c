import { Type, type Static } from 'typebox';
import {
  closed,
  CommunityId,
  field,
  named,
  nullable,
  pageFields,
  pageOf,
  Timestamp,
  UserId,
  UserName,
  Uuid,
  Version,
} from '../fields.ts';
import { visibleLine } from '../patterns.ts';
import { group } from '../route.ts';
import { trustScoreMax } from './community-settings.ts';

/** The most members and steps of a trust graph. */
const trustGraphNodesMax = 200;
const trustGraphDepthMax = 4;

const displayName = (description: string) => Type.String({ description, examples: ['Ada Lovelace'] });
const count = (description: string, example: number) => Type.Integer({ minimum: 0, description, examples: [example] });

export const TrustAward = named('TrustAward', 'A trust award in force: one member vouches for another.', {
  id: field(Uuid, 'The id of the award.', '2c9e7b54-8f31-4d02-a6c7-5b1e0f3d9a86'),
  fromUserId: field(UserId, 'The member who vouches.'),
  fromName: displayName('The name of the member who vouches.'),
  toUserId: field(UserId, 'The member who is vouched for.', '1e6b8d0a-4c2f-4b7e-9d35-8a0c6f2e7b14'),
  toName: displayName('The name of the member who is vouched for.'),
  awardedAt: field(Timestamp, 'When it came into force.'),
});
export type TrustAward = Static<typeof TrustAward>;

const Points = Type.Integer({
  minimum: 0,
  maximum: trustScoreMax,
  description: 'The points that the grant adds to the score.',
  examples: [15],
});

export const TrustGrant = named('TrustGrant', 'The trust grant of a member: no points and version 1 until it is first revised.', {
  userId: field(UserId, 'The member.', '1e6b8d0a-4c2f-4b7e-9d35-8a0c6f2e7b14'),
  displayName: displayName('The name of the member.'),
  points: Points,
  reason: Type.String({
    description: 'Why the member has the points; empty until it is first revised.',
    examples: ['A founder.'],
  }),
  grantedBy: nullable(UserId, 'The admin or owner who revised it last; null until then.'),
  grantedByName: nullable(UserName, 'The name of who revised it last; null until then.'),
  version: Version,
  grantedAt: nullable(Timestamp, 'When it was last revised; null until then.'),
});
export type TrustGrant = Static<typeof TrustGrant>;

export const TrustScore = named(
  'TrustScore',
  'The trust score of a member: the awards in force from members, and the points of the grant.',
  {
    userId: field(UserId, 'The member.', '1e6b8d0a-4c2f-4b7e-9d35-8a0c6f2e7b14'),
    displayName: displayName('The name of the member.'),
    awards: count('How many members vouch for the member.', 3),
    points: count('The points of the grant.', 15),
    score: count('Awards and points together.', 18),
    title: Type.String({ description: 'The highest title of the community that the score reaches.', examples: ['Stable'] }),
  },
);
export type TrustScore = Static<typeof TrustScore>;

const TrustGraphNode = closed({
  ...TrustScore.properties,
  distance: count('The steps from the member in the middle.', 1),
});
const TrustGraphEdge = closed({
  from: field(UserId, 'The member who vouches.'),
  to: field(UserId, 'The member who is vouched for.', '1e6b8d0a-4c2f-4b7e-9d35-8a0c6f2e7b14'),
});

export const TrustGraph = named('TrustGraph', 'The trust awards around a member: the nearest members first.', {
  around: field(UserId, 'The member in the middle.'),
  nodes: Type.Array(TrustGraphNode, { description: 'The members, with their distance in awards of either direction.' }),
  edges: Type.Array(TrustGraphEdge, { description: 'The awards in force between them.' }),
  isTruncated: Type.Boolean({
    description: 'Whether more members lie within the depth than the limit allows.',
    examples: [false],
  }),
});
export type TrustGraph = Static<typeof TrustGraph>;

const trust = '/v1/communities/:communityId/trust';
const inCommunity = { communityId: CommunityId };
const ofMember = { communityId: CommunityId, userId: field(UserId, 'The member.') };
const community = { type: 'community', parameter: 'communityId' } as const;
const member = { type: 'member', parameter: 'userId' } as const;
const ifMember = (description: string) => Type.Optional(field(UserId, description));

const tag = {
  name: 'trust',
  description:
    'Trust within a community: awards that members give each other, points that admins grant, and the scores that follow.',
};

export const trustRoutes = group(tag, {
  listTrustAwards: {
    method: 'GET',
    path: `${trust}/awards` as const,
    summary:
      'The trust awards in force of a community, newest first. Those of a member who left are left out until they come back.',
    permission: 'trust:read',
    action: 'trust-award.list',
    subject: community,
    params: inCommunity,
    query: { ...pageFields, from: ifMember('Only the awards of this member.'), to: ifMember('Only the awards to this member.') },
    responses: { 200: pageOf('TrustAward', TrustAward) },
  },
  awardTrust: {
    method: 'PUT',
    path: `${trust}/awards/:userId` as const,
    summary:
      'Vouch for a member, once. It needs a score of at least `min_trust_to_award_trust`; admins and owners always may. Nobody vouches for themselves.',
    permission: 'trust:award',
    action: 'trust-award.create',
    subject: member,
    params: ofMember,
    responses: { 200: TrustAward },
    errors: ['UNPROCESSABLE'],
  },
  withdrawTrustAward: {
    method: 'DELETE',
    path: `${trust}/awards/:userId` as const,
    summary: 'Withdraw one’s own trust award to a member.',
    permission: 'trust:award',
    action: 'trust-award.withdraw',
    subject: member,
    params: ofMember,
    responses: { 204: null },
  },
  listTrustGrants: {
    method: 'GET',
    path: `${trust}/grants` as const,
    summary: 'The trust grants of the members, newest first: who has points that an admin or owner gave, how many and why.',
    permission: 'trust:read',
    action: 'trust-grant.list',
    subject: community,
    params: inCommunity,
    query: pageFields,
    responses: { 200: pageOf('TrustGrant', TrustGrant) },
  },
  getTrustGrant: {
    method: 'GET',
    path: `${trust}/grants/:userId` as const,
    summary: 'The trust grant of a member.',
    permission: 'trust:read',
    action: 'trust-grant.read',
    subject: member,
    params: ofMember,
    responses: { 200: TrustGrant },
    answersVersion: true,
  },
  reviseTrustGrant: {
    method: 'PUT',
    path: `${trust}/grants/:userId` as const,
    summary: 'Revise the trust grant of a member: its points, with a reason.',
    permission: 'trust:grant',
    action: 'trust-grant.update',
    subject: member,
    params: ofMember,
    body: {
      points: Points,
      reason: Type.String({
        minLength: 1,
        maxLength: 500,
        pattern: visibleLine,
        description: 'Why the member has the points.',
        examples: ['A founder.'],
      }),
    },
    responses: { 200: TrustGrant },
    answersVersion: true,
    isVersioned: true,
  },
  listTrustScores: {
    method: 'GET',
    path: `${trust}/scores` as const,
    summary: 'The trust scores and titles of the members, highest first.',
    permission: 'trust:read',
    action: 'trust-score.list',
    subject: community,
    params: inCommunity,
    query: pageFields,
    responses: { 200: pageOf('TrustScore', TrustScore) },
  },
  getTrustScore: {
    method: 'GET',
    path: `${trust}/scores/:userId` as const,
    summary: 'The trust score and title of a member.',
    permission: 'trust:read',
    action: 'trust-score.read',
    subject: member,
    params: ofMember,
    responses: { 200: TrustScore },
  },
  getTrustGraph: {
    method: 'GET',
    path: `${trust}/graph` as const,
    summary: 'The trust awards around a member, to a depth.',
    permission: 'trust:read',
    action: 'trust-graph.read',
    subject: community,
    params: inCommunity,
    query: {
      around: ifMember('The member in the middle; default: the caller.'),
      depth: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: trustGraphDepthMax,
          default: 2,
          description: 'The most steps from the middle.',
          examples: [2],
        }),
      ),
      limit: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: trustGraphNodesMax,
          default: 50,
          description: 'The most members in the graph.',
          examples: [50],
        }),
      ),
    },
    responses: { 200: TrustGraph },
  },
});
