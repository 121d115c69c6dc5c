import { Type, type Static } from 'typebox';
import {
  atLeastOne,
  choiceField,
  CommunityId,
  createdFields,
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
  UserId,
  Uuid,
} from '../fields.ts';
import { ofCommunity, operationsOf } from '../operations.ts';
import { group } from '../route.ts';
import { CouncilId } from './councils.ts';
import { WealthId } from './wealth.ts';

const NeedId = field(Uuid, 'The need.', 'e5f7b3c9-8a14-4d62-9b0f-2c6d8e1a7f43');
const Title = field(Name, 'What is needed.', 'Charger for a laptop');
const NeedDescription = field(Description, 'What one should know about it.', 'With 100 W.');
const Quantity = Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'How much is needed.', examples: [2] });
const IntervalDays = Type.Integer({
  minimum: 1,
  maximum: 366,
  description: 'A recurring need: the days after which it is open again, once it was met.',
  examples: [7],
});
const statuses = ['open', 'met', 'cancelled'] as const;
const Status = Type.Enum([...statuses], {
  description: 'Whether it is still to be met. A recurring need is open again by the clock of the database.',
  examples: ['open'],
});

const IsOfCommunity = Type.Boolean({ description: 'Whether the whole community is short of it.', examples: [false] });

export const Need = named(
  'Need',
  'Something that a member, a council or the whole community is short of, once or again and again.',
  {
    id: NeedId,
    communityId: CommunityId,
    title: Title,
    description: NeedDescription,
    quantity: Quantity,
    intervalDays: nullable(IntervalDays, 'The days after which a met need is open again; null: it is needed once.'),
    councilId: nullable(CouncilId, 'The council that is short of it; null: none is.'),
    isOfCommunity: IsOfCommunity,
    status: Status,
    timesMet: Type.Integer({ minimum: 0, description: 'How often it was met.', examples: [1] }),
    metByWealthId: nullable(WealthId, 'The wealth by which it was met last; null: by hand, or not yet.'),
    metAt: nullable(Timestamp, 'When it was met last; null: not yet.'),
    ...createdFields,
  },
);
export type Need = Static<typeof Need>;

const sorts = ['newest', 'oldest', 'title'] as const;
export type NeedSort = (typeof sorts)[number];

const need = operationsOf({
  type: 'need',
  path: '/v1/communities/:communityId/needs',
  parent: ofCommunity,
  id: { needId: NeedId },
  schema: Need,
});
const { pathOfOne, params, subject } = need;

const tag = { name: 'needs', description: 'Needs: what members are short of, and how it was met.' };

export const needRoutes = group(tag, {
  listNeeds: {
    ...need.list,
    summary: 'The needs of a community: those that are open, unless another status is asked for.',
    permission: 'need:read',
    query: {
      ...pageFields,
      status: choiceField(statuses, 'Only needs of this status.'),
      createdBy: Type.Optional(field(UserId, 'Only the needs of this member.')),
      councilId: Type.Optional(field(CouncilId, 'Only the needs of this council.')),
      isOfCommunity: Type.Optional(
        field(IsOfCommunity, 'Only the needs of the whole community; `false`: only those of members and councils.'),
      ),
      q: Type.Optional(field(SoughtText, 'Only those whose title contains this text, in any case.', 'charger')),
      sort: choiceField(sorts, 'The order: newest first, oldest first, or by title.'),
      state: deletedField('The deleted ones, of those that the caller may restore.'),
    },
    responses: { 200: pageOf('Need', Need) },
  },
  createNeed: {
    ...need.create,
    summary:
      'Say what one is short of. Its members say what a council is short of, admins and owners that and what the whole community is.',
    permission: 'need:create',
    body: {
      title: Title,
      description: Type.Optional(NeedDescription),
      quantity: Type.Optional(Quantity),
      intervalDays: Type.Optional(IntervalDays),
      councilId: Type.Optional(field(CouncilId, 'The council that is short of it.')),
      isOfCommunity: Type.Optional(IsOfCommunity),
    },
    example: { body: { title: 'Charger for a laptop', quantity: 2, intervalDays: 7 } },
    errors: ['UNPROCESSABLE'],
  },
  getNeed: {
    ...need.get,
    summary: 'One need.',
    permission: 'need:read',
  },
  updateNeed: {
    ...need.update,
    summary: 'Change one’s own need or that of one’s council, or cancel it. Admins and owners may change any.',
    permission: 'need:update',
    body: atLeastOne({
      title: Type.Optional(Title),
      description: Type.Optional(NeedDescription),
      quantity: Type.Optional(Quantity),
      status: Type.Optional(Type.Enum(['cancelled'], { description: 'It is not needed any more.', examples: ['cancelled'] })),
    }),
    example: { body: { title: 'Charger for a laptop' } },
    errors: ['CONFLICT'],
  },
  fulfilNeed: {
    method: 'POST',
    path: `${pathOfOne}/fulfil` as const,
    summary: 'Call one’s own need or that of one’s council met, by wealth or by hand. Admins and owners may do so for any.',
    permission: 'need:update',
    action: 'need.fulfil',
    subject,
    params,
    body: { metByWealthId: Type.Optional(field(WealthId, 'The wealth by which it is met; absent: by hand.')) },
    example: { body: {} },
    responses: { 200: Need },
    answersVersion: true,
    errors: ['CONFLICT', 'UNPROCESSABLE'],
  },
  deleteNeed: {
    ...need.delete,
    summary: 'Delete one’s own need or that of one’s council; it can be restored. Admins and owners may delete any.',
    permission: 'need:update',
  },
  restoreNeed: {
    ...need.restore,
    summary: 'Bring a deleted need back: one’s own or that of one’s council; admins and owners any.',
    permission: 'need:update',
  },
});
