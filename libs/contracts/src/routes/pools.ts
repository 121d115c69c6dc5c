import { Type, type Static } from 'typebox';
import {
  atLeastOne,
  CommunityId,
  CreatedAt,
  CreatedBy,
  createdFields,
  CreatorName,
  Description,
  field,
  Name,
  named,
  namedListFields,
  nullable,
  pageFields,
  pageOf,
  UserId,
  Uuid,
} from '../fields.ts';
import { visibleLine } from '../patterns.ts';
import { ofCommunity, operationsOf } from '../operations.ts';
import { group } from '../route.ts';
import { CouncilId } from './councils.ts';

const poolQuantityMax = 1_000_000;

export const PoolId = field(Uuid, 'The pool.', '6e2b9f40-1d7c-4a85-b3e6-0f9a8c7d5b21');
const PoolName = field(Name, 'The name of the pool.', 'Spare laptops');
const PoolDescription = field(Description, 'What the pool is for.', 'For whoever’s own breaks.');
const Unit = Type.String({
  minLength: 1,
  maxLength: 50,
  pattern: visibleLine,
  description: 'What its quantities count.',
  examples: ['laptops'],
});

export const Pool = named('Pool', 'A pool: a store of a community or of a council, to which members contribute.', {
  id: PoolId,
  communityId: CommunityId,
  councilId: nullable(CouncilId, 'The council that hands out beside admins and owners; null without one.'),
  name: PoolName,
  description: PoolDescription,
  unit: Unit,
  holding: Type.Integer({
    minimum: 0,
    description: 'How much the pool holds: what was contributed less what was handed out.',
    examples: [3],
  }),
  mayHandOut: Type.Boolean({ description: 'Whether the caller may hand out of it.' }),
  ...createdFields,
});
/** A pool as one member of the community sees it. */
export type Pool = Static<typeof Pool>;

const Kind = Type.Enum(['contribution', 'hand-out'], {
  description: 'Whether the quantity came into the pool, or was handed out of it.',
  examples: ['contribution'],
});
const Quantity = Type.Integer({ minimum: 1, maximum: poolQuantityMax, description: 'How much.', examples: [2] });
const Note = field(Description, 'What there is to say about it.', 'They are charged.');
const ContributionId = field(Uuid, 'The contribution.', 'a8d4f6b2-3c1e-4957-8f0b-6e2d9c7a5140');

export const PoolContribution = named('PoolContribution', 'What came into a pool, or was handed out of it. It settles at once.', {
  id: ContributionId,
  communityId: CommunityId,
  poolId: PoolId,
  kind: Kind,
  quantity: Quantity,
  note: Note,
  createdBy: CreatedBy,
  createdByName: CreatorName,
  createdAt: CreatedAt,
});
export type PoolContribution = Static<typeof PoolContribution>;

const pool = operationsOf({
  type: 'pool',
  path: '/v1/communities/:communityId/pools',
  parent: ofCommunity,
  id: { poolId: PoolId },
  schema: Pool,
});
const { pathOfOne, params, subject } = pool;
const contributions = `${pathOfOne}/contributions` as const;

const tag = { name: 'pools', description: 'Pools: what members contribute to together, and what is handed out of it.' };

export const poolRoutes = group(tag, {
  listPools: {
    ...pool.list,
    summary: 'The pools of a community; with `state=deleted` those that the caller may restore.',
    permission: 'pool:read',
    query: namedListFields,
    responses: { 200: pageOf('Pool', Pool) },
  },
  createPool: {
    ...pool.create,
    summary: 'Create a pool, of the community or of one of its councils. It holds nothing at first.',
    permission: 'pool:create',
    body: {
      name: PoolName,
      description: Type.Optional(PoolDescription),
      unit: Unit,
      councilId: Type.Optional(field(CouncilId, 'The council that hands out beside admins and owners.')),
    },
    example: { body: { name: 'Spare laptops', unit: 'laptops' } },
    errors: ['UNPROCESSABLE'],
  },
  getPool: {
    ...pool.get,
    summary: 'One pool, with what it holds.',
    permission: 'pool:read',
  },
  updatePool: {
    ...pool.update,
    summary: 'Rename a pool or change its description.',
    permission: 'pool:update',
    body: atLeastOne({ name: Type.Optional(PoolName), description: Type.Optional(PoolDescription) }),
  },
  deletePool: {
    ...pool.delete,
    summary: 'Delete a pool; it can be restored with what it holds.',
    permission: 'pool:delete',
  },
  restorePool: {
    ...pool.restore,
    summary: 'Bring a deleted pool back.',
    permission: 'pool:delete',
  },
  listPoolContributions: {
    method: 'GET',
    path: contributions,
    summary: 'What came into a pool and was handed out of it, newest first.',
    permission: 'pool:read',
    action: 'pool-contribution.list',
    subject,
    params,
    query: {
      ...pageFields,
      kind: Type.Optional(field(Kind, 'Only contributions, or only what was handed out.')),
      createdBy: Type.Optional(field(UserId, 'Only what this member contributed or handed out.')),
    },
    responses: { 200: pageOf('PoolContribution', PoolContribution) },
  },
  createPoolContribution: {
    method: 'POST',
    path: contributions,
    summary:
      'Contribute to a pool, or hand out of it: that is for members of its council, admins and owners, and never more than it holds.',
    permission: 'pool:contribute',
    action: 'pool-contribution.create',
    subject: { type: 'pool-contribution', id: 'new' },
    params,
    body: { kind: Kind, quantity: Quantity, note: Type.Optional(Note) },
    responses: { 201: PoolContribution },
    location: `${contributions}/:id` as const,
    isIdempotentCreate: true,
    errors: ['CONFLICT'],
  },
  getPoolContribution: {
    method: 'GET',
    path: `${contributions}/:contributionId` as const,
    summary: 'One contribution, or what was handed out.',
    permission: 'pool:read',
    action: 'pool-contribution.read',
    subject: { type: 'pool-contribution', parameter: 'contributionId' },
    params: { ...params, contributionId: ContributionId },
    responses: { 200: PoolContribution },
  },
});
