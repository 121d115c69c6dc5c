import { Type, type Static } from 'typebox';
import {
  CommunityId,
  CreatedAt,
  Description,
  field,
  named,
  pageFields,
  pageOf,
  UpdatedAt,
  UserId,
  Uuid,
  Version,
} from '../fields.ts';
import { operationsOf, ofCommunity } from '../operations.ts';
import { group } from '../route.ts';
import { wealthTag } from './tags.ts';
import { WealthId, WealthQuantity } from './wealth.ts';

export const WealthRequestId = field(Uuid, 'The request.', '4d1a7c3e-9b52-4e8f-a06d-7c2b5f8e1d93');

/** The state machine of requests: `pending -> accepted | rejected | cancelled`, `accepted -> fulfilled | cancelled`. */
const wealthRequestStatuses = ['pending', 'accepted', 'rejected', 'fulfilled', 'cancelled'] as const;
export type WealthRequestStatus = (typeof wealthRequestStatuses)[number];

const Status = Type.Enum([...wealthRequestStatuses], { description: 'How far the request has come.', examples: ['pending'] });
const Quantity = field(WealthQuantity, 'How many units are requested.', 1);
const Note = field(Description, 'What the requester says about it.', 'For the night of the release.');

export const WealthRequest = named('WealthRequest', 'The request of a member for wealth that another one offers.', {
  id: WealthRequestId,
  communityId: CommunityId,
  wealthId: WealthId,
  requestedBy: field(UserId, 'The member who requests it.'),
  requestedByName: Type.String({ description: 'The name of who requests it.', examples: ['Grace Hopper'] }),
  quantity: Quantity,
  note: Note,
  status: Status,
  version: Version,
  createdAt: CreatedAt,
  updatedAt: UpdatedAt,
});
export type WealthRequest = Static<typeof WealthRequest>;

const wealthRequest = operationsOf({
  type: 'wealth-request',
  path: '/v1/communities/:communityId/wealth/:wealthId/requests',
  parent: {
    subject: { type: 'wealth', parameter: 'wealthId' },
    params: { ...ofCommunity.params, wealthId: WealthId },
  },
  id: { requestId: WealthRequestId },
  schema: WealthRequest,
});

export const wealthRequestRoutes = group(wealthTag, {
  listWealthRequests: {
    ...wealthRequest.list,
    summary: 'The requests for wealth, newest first: all for who offers it and for admins and owners, their own for others.',
    permission: 'wealth:read',
    query: { ...pageFields, status: Type.Optional(field(Status, 'Only requests of this status.')) },
    responses: { 200: pageOf('WealthRequest', WealthRequest) },
  },
  createWealthRequest: {
    ...wealthRequest.create,
    summary: 'Request active wealth that another member offers.',
    permission: 'wealth:request',
    body: { quantity: Type.Optional(Quantity), note: Type.Optional(Note) },
    errors: ['CONFLICT', 'UNPROCESSABLE'],
  },
  getWealthRequest: {
    ...wealthRequest.get,
    summary: 'One request: for its two sides, admins and owners.',
    permission: 'wealth:read',
  },
  updateWealthRequest: {
    ...wealthRequest.update,
    summary:
      'Move a request on. Who offers the wealth accepts and rejects, who requests it cancels; once it is accepted, either side cancels it or calls it fulfilled. Accepting takes the quantity, cancelling gives it back.',
    permission: 'wealth:request',
    body: {
      status: Type.Enum(['accepted', 'rejected', 'fulfilled', 'cancelled'], {
        description: 'What becomes of the request.',
        examples: ['cancelled'],
      }),
    },
    errors: ['CONFLICT'],
  },
});
