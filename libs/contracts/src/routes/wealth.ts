import { Type, type Static } from 'typebox';
import {
  atLeastOne,
  choiceField,
  CommunityId,
  CreatedAt,
  CreatedBy,
  deletedField,
  Description,
  field,
  Name,
  named,
  nullable,
  pageFields,
  pageOf,
  SoughtText,
  Timestamp,
  UpdatedAt,
  UserId,
  Uuid,
  Version,
} from '../fields.ts';
import { visibleLine } from '../patterns.ts';
import { ofCommunity, operationsOf } from '../operations.ts';
import { group } from '../route.ts';
import { CouncilId } from './councils.ts';
import { PoolId } from './pools.ts';
import { wealthTag } from './tags.ts';
import { trustScoreMax } from './community-settings.ts';

const wealthQuantityMax = 1_000_000;

export const WealthId = field(Uuid, 'The wealth.', 'b7e1d2c3-4f5a-4b6c-8d7e-9f0a1b2c3d4e');

const WealthType = Type.Enum(['object', 'service'], { description: 'A thing, or something that is done.', examples: ['object'] });
const wealthStatuses = ['active', 'fulfilled', 'expired', 'cancelled'] as const;
const Status = Type.Enum([...wealthStatuses], {
  description: 'Whether it can be requested; `expired` from `expiresAt` on, by the clock of the database.',
  examples: ['active'],
});
const Title = field(Name, 'What is offered.', 'Laptop with 32 GB');
const Category = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: visibleLine,
  description: 'The category that it is found by.',
  examples: ['hardware'],
});
export const WealthQuantity = Type.Integer({
  minimum: 1,
  maximum: wealthQuantityMax,
  description: 'How many units there are.',
  examples: [2],
});
const MinTrust = Type.Integer({
  minimum: 0,
  maximum: trustScoreMax,
  description: 'The trust score from which a member sees it. Who offers it, admins and owners always do.',
  examples: [0],
});
const WealthDescription = field(Description, 'What one should know about it.', 'Lent for a month at a time.');
const SharedCouncil = nullable(CouncilId, 'The council whose members alone see it; null: it is not shared with one.');
const SharedPool = nullable(PoolId, 'The pool whose contributors and council alone see it; null: it is not shared with one.');
const ExpiresAt = field(Timestamp, 'When it ceases to be offered.', '2999-01-31T08:30:00.000Z');

export const Wealth = named('Wealth', 'Something that a member offers: to the whole community, to one council or to one pool.', {
  id: WealthId,
  communityId: CommunityId,
  type: WealthType,
  title: Title,
  description: WealthDescription,
  category: nullable(Category, 'The category that it is found by; null without one.'),
  councilId: SharedCouncil,
  poolId: SharedPool,
  quantity: nullable(WealthQuantity, 'How many units are offered; null where they are not counted.'),
  quantityLeft: nullable(
    Type.Integer({ minimum: 0, description: 'How many units no accepted request has taken.', examples: [1] }),
    'How many units no accepted request has taken; null where they are not counted.',
  ),
  minTrustRequired: MinTrust,
  status: Status,
  expiresAt: nullable(ExpiresAt, 'When it ceases to be offered; null: never by itself.'),
  createdBy: CreatedBy,
  createdByName: Type.String({ description: 'The name of who offers it.', examples: ['Ada Lovelace'] }),
  version: Version,
  createdAt: CreatedAt,
  updatedAt: UpdatedAt,
});
export type Wealth = Static<typeof Wealth>;

const wealth = operationsOf({
  type: 'wealth',
  path: '/v1/communities/:communityId/wealth',
  parent: ofCommunity,
  id: { wealthId: WealthId },
  schema: Wealth,
});

const sorts = ['newest', 'expiring', 'title'] as const;
export type WealthSort = (typeof sorts)[number];

export const wealthRoutes = group(wealthTag, {
  listWealth: {
    ...wealth.list,
    summary: 'The wealth of a community that the caller may see: what is active, unless another status is asked for.',
    permission: 'wealth:read',
    query: {
      ...pageFields,
      type: Type.Optional(field(WealthType, 'Only wealth of this type.')),
      category: Type.Optional(field(Category, 'Only wealth of this category.')),
      councilId: Type.Optional(field(CouncilId, 'Only wealth that is shared with this council.')),
      poolId: Type.Optional(field(PoolId, 'Only wealth that is shared with this pool.')),
      status: choiceField(wealthStatuses, 'Only wealth of this status.'),
      createdBy: Type.Optional(field(UserId, 'Only the wealth that this member offers.')),
      q: Type.Optional(field(SoughtText, 'Only wealth with this text in its title.', 'laptop')),
      sort: choiceField(sorts, 'The order: newest first, what expires next first, or by title.'),
      state: deletedField('What was deleted and can be restored, in place of what is there.'),
    },
    responses: { 200: pageOf('Wealth', Wealth) },
  },
  createWealth: {
    ...wealth.create,
    summary:
      'Offer wealth to the community, or to one council or pool of it. It needs a trust score of at least `min_trust_for_wealth`; admins and owners need none.',
    permission: 'wealth:create',
    body: {
      type: WealthType,
      title: Title,
      description: Type.Optional(WealthDescription),
      category: Type.Optional(Category),
      councilId: Type.Optional(field(CouncilId, 'Its members alone see it, beside admins and owners.')),
      poolId: Type.Optional(field(PoolId, 'Who contributed to it or hands out of it alone see it, beside admins and owners.')),
      quantity: Type.Optional(WealthQuantity),
      minTrustRequired: Type.Optional(MinTrust),
      expiresAt: Type.Optional(ExpiresAt),
    },
    example: { body: { type: 'object', title: 'Laptop with 32 GB', quantity: 2, expiresAt: '2999-01-31T08:30:00.000Z' } },
    errors: ['UNPROCESSABLE'],
  },
  getWealth: {
    ...wealth.get,
    summary: 'One wealth.',
    permission: 'wealth:read',
  },
  updateWealth: {
    ...wealth.update,
    summary: 'Change wealth that one offers, cancel it, or call it fulfilled. Admins and owners may change any.',
    permission: 'wealth:update',
    body: atLeastOne({
      title: Type.Optional(Title),
      description: Type.Optional(WealthDescription),
      category: Type.Optional(nullable(Category, 'The category that it is found by; null for none.')),
      councilId: Type.Optional(SharedCouncil),
      poolId: Type.Optional(SharedPool),
      quantity: Type.Optional(WealthQuantity),
      minTrustRequired: Type.Optional(MinTrust),
      expiresAt: Type.Optional(nullable(ExpiresAt, 'When it ceases to be offered; null: never by itself.')),
      status: Type.Optional(
        Type.Enum(['fulfilled', 'cancelled'], { description: 'The end of an active offer.', examples: ['cancelled'] }),
      ),
    }),
    example: { body: { title: 'Laptop with 32 GB', quantity: 2 } },
    errors: ['CONFLICT', 'UNPROCESSABLE'],
  },
  deleteWealth: {
    ...wealth.delete,
    summary: 'Delete wealth that one offers; it can be restored with its requests. Admins and owners may delete any.',
    permission: 'wealth:delete',
  },
  restoreWealth: {
    ...wealth.restore,
    summary: 'Bring deleted wealth back: one’s own; admins and owners any.',
    permission: 'wealth:delete',
  },
});
