import { Type, type Static } from 'typebox';
import {
  atLeastOne,
  CommunityId,
  createdFields,
  Description,
  field,
  Name,
  named,
  namedListFields,
  pageFields,
  pageOf,
  Timestamp,
  UserId,
  Uuid,
} from '../fields.ts';
import { ofCommunity, operationsOf } from '../operations.ts';
import { group } from '../route.ts';

export const CouncilId = field(Uuid, 'The council.', '3a6c9e12-7b4d-4f80-91a5-c2d7e8f60b34');
const CouncilName = field(Name, 'The name of the council.', 'Mediation');
const CouncilDescription = field(Description, 'What the council is for.', 'Handles disputes about requests.');

export const Council = named('Council', 'A council: a group within a community.', {
  id: CouncilId,
  communityId: CommunityId,
  name: CouncilName,
  description: CouncilDescription,
  memberCount: Type.Integer({ minimum: 0, description: 'How many members of the community belong to it.', examples: [3] }),
  isMember: Type.Boolean({ description: 'Whether the caller belongs to it.' }),
  ...createdFields,
});
/** A council as one member of the community sees it. */
export type Council = Static<typeof Council>;

export const CouncilMember = named('CouncilMember', 'A member of a council.', {
  userId: field(UserId, 'The id of the user.'),
  displayName: Type.String({ description: 'The name that the user chose.', examples: ['Ada Lovelace'] }),
  joinedAt: field(Timestamp, 'When the user joined the council.'),
});
export type CouncilMember = Static<typeof CouncilMember>;

const council = operationsOf({
  type: 'council',
  path: '/v1/communities/:communityId/councils',
  parent: ofCommunity,
  id: { councilId: CouncilId },
  schema: Council,
});
const { pathOfOne, params, subject } = council;
const pathOfMember = `${pathOfOne}/members/:userId` as const;
const memberParams = { ...params, userId: field(UserId, 'The member.') };
const memberSubject = { type: 'council-member', parameter: 'userId' } as const;

const tag = { name: 'councils', description: 'Councils: groups within a community, and who belongs to them.' };

export const councilRoutes = group(tag, {
  listCouncils: {
    ...council.list,
    summary: 'The councils of a community; with `state=deleted` those that the caller may restore.',
    permission: 'council:read',
    query: namedListFields,
    responses: { 200: pageOf('Council', Council) },
  },
  createCouncil: {
    ...council.create,
    summary: 'Create a council. It has no members at first.',
    permission: 'council:create',
    body: { name: CouncilName, description: Type.Optional(CouncilDescription) },
  },
  getCouncil: {
    ...council.get,
    summary: 'One council.',
    permission: 'council:read',
  },
  updateCouncil: {
    ...council.update,
    summary: 'Rename a council or change its description.',
    permission: 'council:update',
    body: atLeastOne({ name: Type.Optional(CouncilName), description: Type.Optional(CouncilDescription) }),
  },
  deleteCouncil: {
    ...council.delete,
    summary: 'Delete a council; it can be restored with its members.',
    permission: 'council:delete',
  },
  restoreCouncil: {
    ...council.restore,
    summary: 'Restore a deleted council.',
    permission: 'council:delete',
  },
  listCouncilMembers: {
    method: 'GET',
    path: `${pathOfOne}/members` as const,
    summary: 'Who belongs to a council, in the order of joining.',
    permission: 'council:read',
    action: 'council-member.list',
    subject,
    params,
    query: pageFields,
    responses: { 200: pageOf('CouncilMember', CouncilMember) },
  },
  addCouncilMember: {
    method: 'PUT',
    path: pathOfMember,
    summary: 'Add an active member of the community to a council.',
    permission: 'council-member:add',
    action: 'council-member.add',
    subject: memberSubject,
    params: memberParams,
    responses: { 200: CouncilMember },
    errors: ['UNPROCESSABLE'],
  },
  // Leaving needs no permission and is audited as `council-member.leave`; removing someone else needs `council-member:remove`,
  // which the service requires: it tells the two apart.
  removeCouncilMember: {
    method: 'DELETE',
    path: pathOfMember,
    summary: 'Remove a member from a council, or leave it.',
    permission: 'council:read',
    action: 'council-member.remove',
    subject: memberSubject,
    params: memberParams,
    responses: { 204: null },
  },
});
