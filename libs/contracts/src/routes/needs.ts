import { Type, type Static } from 'typebox';
import {
  atLeastOne,
  CommunityId,
  CreatedAt,
  CreatedBy,
  CreatorName,
  Description,
  field,
  Name,
  named,
  nullable,
  pageFields,
  pageOf,
  Timestamp,
  UpdatedAt,
  UserId,
  Uuid,
  Version,
} from '../fields.ts';
import { group } from '../route.ts';
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

export const Need = named('Need', 'Something that a member is short of, once or again and again.', {
  id: NeedId,
  communityId: CommunityId,
  title: Title,
  description: NeedDescription,
  quantity: Quantity,
  intervalDays: nullable(IntervalDays, 'The days after which a met need is open again; null: it is needed once.'),
  status: Status,
  timesMet: Type.Integer({ minimum: 0, description: 'How often it was met.', examples: [1] }),
  metByWealthId: nullable(WealthId, 'The wealth by which it was met last; null: by hand, or not yet.'),
  metAt: nullable(Timestamp, 'When it was met last; null: not yet.'),
  createdBy: CreatedBy,
  createdByName: CreatorName,
  version: Version,
  createdAt: CreatedAt,
  updatedAt: UpdatedAt,
});
export type Need = Static<typeof Need>;

const path = '/v1/communities/:communityId/needs';
const pathOfOne = `${path}/:needId` as const;
const params = { communityId: CommunityId, needId: NeedId };
const subject = { type: 'need', parameter: 'needId' } as const;

const tag = { name: 'needs', description: 'Needs: what members are short of, and how it was met.' };

export const needRoutes = group(tag, {
  listNeeds: {
    method: 'GET',
    path,
    summary: 'The needs of a community, newest first: those that are open, unless another status is asked for.',
    permission: 'need:read',
    action: 'need.list',
    subject: { type: 'community', parameter: 'communityId' },
    params: { communityId: CommunityId },
    query: {
      ...pageFields,
      status: Type.Optional(
        Type.Enum([...statuses], { default: 'open', description: 'Only needs of this status.', examples: ['open'] }),
      ),
      createdBy: Type.Optional(field(UserId, 'Only the needs of this member.')),
      q: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 200,
          description: 'Only those whose title contains this text, in any case.',
          examples: ['charger'],
        }),
      ),
      state: Type.Optional(
        Type.Enum(['deleted'], { description: 'The deleted ones, of those that the caller may restore.', examples: ['deleted'] }),
      ),
    },
    responses: { 200: pageOf('Need', Need) },
  },
  createNeed: {
    method: 'POST',
    path,
    summary: 'Say what one is short of.',
    permission: 'need:create',
    action: 'need.create',
    subject: { type: 'need', id: 'new' },
    params: { communityId: CommunityId },
    body: {
      title: Title,
      description: Type.Optional(NeedDescription),
      quantity: Type.Optional(Quantity),
      intervalDays: Type.Optional(IntervalDays),
    },
    responses: { 201: Need },
    location: `${path}/:id` as const,
    answersVersion: true,
    isIdempotentCreate: true,
  },
  getNeed: {
    method: 'GET',
    path: pathOfOne,
    summary: 'One need.',
    permission: 'need:read',
    action: 'need.read',
    subject,
    params,
    responses: { 200: Need },
    answersVersion: true,
  },
  updateNeed: {
    method: 'PATCH',
    path: pathOfOne,
    summary: 'Change one’s own need, or cancel it. Admins and owners may change any.',
    permission: 'need:update',
    action: 'need.update',
    subject,
    params,
    body: atLeastOne({
      title: Type.Optional(Title),
      description: Type.Optional(NeedDescription),
      quantity: Type.Optional(Quantity),
      status: Type.Optional(Type.Enum(['cancelled'], { description: 'It is not needed any more.', examples: ['cancelled'] })),
    }),
    example: { body: { title: 'Charger for a laptop' } },
    responses: { 200: Need },
    answersVersion: true,
    isVersioned: true,
    errors: ['CONFLICT'],
  },
  fulfilNeed: {
    method: 'POST',
    path: `${pathOfOne}/fulfil` as const,
    summary: 'Call one’s own need met, by wealth or by hand. Admins and owners may do so for any.',
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
    method: 'DELETE',
    path: pathOfOne,
    summary: 'Delete one’s own need; it can be restored. Admins and owners may delete any.',
    permission: 'need:update',
    action: 'need.delete',
    subject,
    params,
    responses: { 204: null },
    isVersioned: true,
  },
  restoreNeed: {
    method: 'POST',
    path: `${pathOfOne}/restore` as const,
    summary: 'Bring a deleted need back: one’s own; admins and owners any.',
    permission: 'need:update',
    action: 'need.restore',
    subject,
    params,
    responses: { 200: Need },
    answersVersion: true,
  },
});
