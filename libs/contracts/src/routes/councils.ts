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
  namedListFields,
  pageFields,
  pageOf,
  Timestamp,
  UpdatedAt,
  UserId,
  Uuid,
  Version,
} from '../fields.ts';
import { group } from '../route.ts';

const CouncilId = field(Uuid, 'The council.', '3a6c9e12-7b4d-4f80-91a5-c2d7e8f60b34');
const CouncilName = field(Name, 'The name of the council.', 'Mediation');
const CouncilDescription = field(Description, 'What the council is for.', 'Handles disputes about requests.');

export const Council = named('Council', 'A council: a group within a community.', {
  id: CouncilId,
  communityId: CommunityId,
  name: CouncilName,
  description: CouncilDescription,
  memberCount: Type.Integer({ minimum: 0, description: 'How many members of the community belong to it.', examples: [3] }),
  isMember: Type.Boolean({ description: 'Whether the caller belongs to it.' }),
  createdBy: CreatedBy,
  createdByName: CreatorName,
  version: Version,
  createdAt: CreatedAt,
  updatedAt: UpdatedAt,
});
/** A council as one member of the community sees it. */
export type Council = Static<typeof Council>;

export const CouncilMember = named('CouncilMember', 'A member of a council.', {
  userId: field(UserId, 'The id of the user.'),
  displayName: Type.String({ description: 'The name that the user chose.', examples: ['Ada Lovelace'] }),
  joinedAt: field(Timestamp, 'When the user joined the council.'),
});
export type CouncilMember = Static<typeof CouncilMember>;

const path = '/v1/communities/:communityId/councils';
const pathOfOne = `${path}/:councilId` as const;
const pathOfMember = `${pathOfOne}/members/:userId` as const;
const params = { communityId: CommunityId, councilId: CouncilId };
const memberParams = { ...params, userId: field(UserId, 'The member.') };
const subject = { type: 'council', parameter: 'councilId' } as const;
const memberSubject = { type: 'council-member', parameter: 'userId' } as const;

const tag = { name: 'councils', description: 'Councils: groups within a community, and who belongs to them.' };

export const councilRoutes = group(tag, {
  listCouncils: {
    method: 'GET',
    path,
    summary: 'The councils of a community; with `state=deleted` those that the caller may restore.',
    permission: 'council:read',
    action: 'council.list',
    subject: { type: 'community', parameter: 'communityId' },
    params: { communityId: CommunityId },
    query: namedListFields,
    responses: { 200: pageOf('Council', Council) },
  },
  createCouncil: {
    method: 'POST',
    path,
    summary: 'Create a council. It has no members at first.',
    permission: 'council:create',
    action: 'council.create',
    subject: { type: 'council', id: 'new' },
    params: { communityId: CommunityId },
    body: { name: CouncilName, description: Type.Optional(CouncilDescription) },
    responses: { 201: Council },
    location: `${path}/:id` as const,
    answersVersion: true,
    isIdempotentCreate: true,
  },
  getCouncil: {
    method: 'GET',
    path: pathOfOne,
    summary: 'One council.',
    permission: 'council:read',
    action: 'council.read',
    subject,
    params,
    responses: { 200: Council },
    answersVersion: true,
  },
  updateCouncil: {
    method: 'PATCH',
    path: pathOfOne,
    summary: 'Rename a council or change its description.',
    permission: 'council:update',
    action: 'council.update',
    subject,
    params,
    body: atLeastOne({ name: Type.Optional(CouncilName), description: Type.Optional(CouncilDescription) }),
    responses: { 200: Council },
    answersVersion: true,
    isVersioned: true,
  },
  deleteCouncil: {
    method: 'DELETE',
    path: pathOfOne,
    summary: 'Delete a council; it can be restored with its members.',
    permission: 'council:delete',
    action: 'council.delete',
    subject,
    params,
    responses: { 204: null },
    isVersioned: true,
  },
  restoreCouncil: {
    method: 'POST',
    path: `${pathOfOne}/restore` as const,
    summary: 'Restore a deleted council.',
    permission: 'council:delete',
    action: 'council.restore',
    subject,
    params,
    responses: { 200: Council },
    answersVersion: true,
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
