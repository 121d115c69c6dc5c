import { Type, type Static } from 'typebox';
import {
  choiceField,
  CommunityId,
  createdFields,
  field,
  Name,
  named,
  nullable,
  pageFields,
  pageOf,
  UserId,
  UserName,
  Uuid,
} from '../fields.ts';
import { storableText } from '../patterns.ts';
import { ofCommunity, operationsOf } from '../operations.ts';
import { group } from '../route.ts';
import { WealthRequestId } from './wealth-requests.ts';
import { WealthId } from './wealth.ts';

const DisputeId = field(Uuid, 'The dispute.', 'c4e8a1d7-52b9-4f36-8d0e-1a7b9c3f6e25');
const text = (description: string, example: string) =>
  Type.String({ minLength: 1, maxLength: 4000, pattern: storableText, description, examples: [example] });
const Status = Type.Enum(['open', 'resolved', 'withdrawn'], {
  description: 'Whether it is still to be handled, or how it ended.',
  examples: ['open'],
});
const Reason = text('What the dispute is about.', 'The laptop came without its charger.');
const Resolution = text('How it was resolved.', 'The charger follows by Friday.');

export const Dispute = named('Dispute', 'A dispute between the two sides of an accepted request.', {
  id: DisputeId,
  communityId: CommunityId,
  wealthId: WealthId,
  requestId: WealthRequestId,
  wealthTitle: field(Name, 'What the request is for.', 'Laptop with 32 GB'),
  reason: Reason,
  status: Status,
  resolution: nullable(Resolution, 'How it was resolved; null until then.'),
  resolvedBy: nullable(UserId, 'Who resolved it; null until then.'),
  resolvedByName: nullable(UserName, 'The name of who resolved it; null until then.'),
  mayResolve: Type.Boolean({ description: 'Whether the caller may resolve it.' }),
  ...createdFields,
});
export type Dispute = Static<typeof Dispute>;

const sorts = ['newest', 'oldest'] as const;
export type DisputeSort = (typeof sorts)[number];

const dispute = operationsOf({
  type: 'dispute',
  path: '/v1/communities/:communityId/disputes',
  parent: ofCommunity,
  id: { disputeId: DisputeId },
  schema: Dispute,
});
const { path } = dispute;

const tag = { name: 'disputes', description: 'Disputes about accepted requests, and who resolves them.' };

export const disputeRoutes = group(tag, {
  listDisputes: {
    ...dispute.list,
    summary: 'The disputes that the caller is a side of or handles; every one for admins and owners.',
    permission: 'dispute:read',
    query: {
      ...pageFields,
      status: Type.Optional(field(Status, 'Only disputes of this status.')),
      sort: choiceField(sorts, 'The order, by creation.'),
    },
    responses: { 200: pageOf('Dispute', Dispute) },
  },
  openDispute: {
    method: 'POST',
    path: '/v1/communities/:communityId/wealth/:wealthId/requests/:requestId/disputes',
    summary: 'Open a dispute on an accepted request: either of its sides may, one at a time.',
    permission: 'dispute:open',
    action: 'dispute.create',
    subject: { type: 'dispute', id: 'new' },
    params: { communityId: CommunityId, wealthId: WealthId, requestId: WealthRequestId },
    body: { reason: Reason },
    responses: { 201: Dispute },
    location: `${path}/:id` as const,
    answersVersion: true,
    isIdempotentCreate: true,
    errors: ['CONFLICT'],
  },
  getDispute: {
    ...dispute.get,
    summary: 'One dispute: for its sides, for who handles it, for admins and owners.',
    permission: 'dispute:read',
  },
  updateDispute: {
    ...dispute.update,
    summary:
      'End a dispute. Who opened it withdraws it. The councils that the settings name resolve it, admins and owners where they name none, and never one of its sides.',
    permission: 'dispute:open',
    body: {
      status: Type.Enum(['withdrawn', 'resolved'], { description: 'How it ends.', examples: ['withdrawn'] }),
      resolution: Type.Optional(field(Resolution, 'How it was resolved: needed for that, and for that alone.')),
    },
    example: { body: { status: 'withdrawn' } },
    errors: ['CONFLICT', 'UNPROCESSABLE'],
  },
});
