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
  pageOf,
  UpdatedAt,
  Uuid,
  Version,
} from '../fields.ts';
import { communityRoles } from '../permissions.ts';
import { group } from '../route.ts';
import { dryRunFields, orImpact } from './change-impact.ts';
import { CommunitySettings, CommunitySettingsEdit } from './community-settings.ts';
import { communityTag } from './tags.ts';

const communityNameMax = 100;
const CommunityName = Type.With(field(Name, 'The name of the community.', 'Payments'), { maxLength: communityNameMax });
const CommunityDescription = field(Description, 'What the community is for.', 'Everyone who runs the payment jobs.');

export const Community = named('Community', 'A community as one of its members sees it.', {
  id: field(Uuid, 'The id of the community.', '5b1f9a1e-2c3d-4e5f-8a9b-0c1d2e3f4a5b'),
  name: CommunityName,
  description: CommunityDescription,
  role: Type.Enum([...communityRoles], { description: "The caller's own role." }),
  settings: field(CommunitySettings, 'What the community has agreed on.'),
  createdBy: CreatedBy,
  createdByName: CreatorName,
  version: Version,
  createdAt: CreatedAt,
  updatedAt: UpdatedAt,
});
/** A community as one of its members sees it; `role` is the caller's own. */
export type Community = Static<typeof Community>;

const subject = { type: 'community', parameter: 'communityId' } as const;

export const communityRoutes = group(communityTag, {
  listCommunities: {
    method: 'GET',
    path: '/v1/communities',
    summary: 'The communities the caller belongs to; with `state=deleted` those that the caller may restore.',
    tokenPermission: 'community:read',
    action: 'community.list',
    subject: { type: 'community', id: 'all' },
    query: namedListFields,
    responses: { 200: pageOf('Community', Community) },
  },
  createCommunity: {
    method: 'POST',
    path: '/v1/communities',
    summary: 'Create a community; the caller becomes its owner.',
    permission: 'community:create',
    action: 'community.create',
    subject: { type: 'community', id: 'new' },
    changesMemberships: true,
    body: { name: CommunityName, description: Type.Optional(CommunityDescription) },
    responses: { 201: Community },
    location: '/v1/communities/:id',
    answersVersion: true,
    isIdempotentCreate: true,
  },
  getCommunity: {
    method: 'GET',
    path: '/v1/communities/:communityId',
    summary: 'One community.',
    permission: 'community:read',
    action: 'community.read',
    subject,
    params: { communityId: CommunityId },
    responses: { 200: Community },
    answersVersion: true,
  },
  updateCommunity: {
    method: 'PATCH',
    path: '/v1/communities/:communityId',
    summary: 'Rename a community, or change its description or settings.',
    permission: 'community:update',
    action: 'community.update',
    subject,
    params: { communityId: CommunityId },
    body: atLeastOne({
      name: Type.Optional(CommunityName),
      description: Type.Optional(CommunityDescription),
      settings: Type.Optional(
        field(CommunitySettingsEdit, 'The settings to replace; those that are not named stay as they are.'),
      ),
    }),
    query: dryRunFields,
    responses: { 200: orImpact(Community) },
    answersVersion: true,
    isVersioned: true,
    errors: ['UNPROCESSABLE'],
    example: { body: { name: 'Payments', settings: { minTrustForWealth: { type: 'share', value: 0.25 } } } },
  },
  deleteCommunity: {
    method: 'DELETE',
    path: '/v1/communities/:communityId',
    summary: 'Delete a community and hide all that is in it.',
    permission: 'community:delete',
    action: 'community.delete',
    subject,
    changesMemberships: true,
    params: { communityId: CommunityId },
    responses: { 204: null },
    isVersioned: true,
  },
  // The community is deleted, so nobody holds a permission in it: the service requires the role of an admin or owner.
  restoreCommunity: {
    method: 'POST',
    path: '/v1/communities/:communityId/restore',
    summary: 'Restore a deleted community with all that is in it. Its admins and owners may.',
    action: 'community.restore',
    subject,
    changesMemberships: true,
    params: { communityId: CommunityId },
    responses: { 200: Community },
    answersVersion: true,
    errors: ['FORBIDDEN', 'NOT_FOUND'],
  },
});
