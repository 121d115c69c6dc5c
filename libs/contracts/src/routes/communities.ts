import { Type, type Static } from 'typebox';
import {
  createdFields,
  atLeastOne,
  CommunityId,
  Description,
  field,
  Name,
  named,
  namedListFields,
  pageOf,
  Uuid,
} from '../fields.ts';
import { communityPermissions, communityRoles } from '../permissions.ts';
import { operationsOf, ofAll } from '../operations.ts';
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
  ...createdFields,
});
/** A community as one of its members sees it; `role` is the caller's own. */
export type Community = Static<typeof Community>;

const community = operationsOf({
  type: 'community',
  path: '/v1/communities',
  parent: ofAll('community'),
  id: { communityId: CommunityId },
  schema: Community,
});

export const communityRoutes = group(communityTag, {
  listCommunities: {
    ...community.list,
    summary: 'The communities the caller belongs to; with `state=deleted` those that the caller may restore.',
    tokenPermission: 'community:read',
    query: {
      ...namedListFields,
      permission: Type.Optional(
        Type.Enum([...communityPermissions], {
          description: 'Only those in which the role of the caller includes this permission.',
          examples: ['workspace:create'],
        }),
      ),
    },
    responses: { 200: pageOf('Community', Community) },
  },
  createCommunity: {
    ...community.create,
    summary: 'Create a community; the caller becomes its owner.',
    permission: 'community:create',
    changesMemberships: true,
    body: { name: CommunityName, description: Type.Optional(CommunityDescription) },
  },
  getCommunity: {
    ...community.get,
    summary: 'One community.',
    permission: 'community:read',
  },
  updateCommunity: {
    ...community.update,
    summary: 'Rename a community, or change its description or settings.',
    permission: 'community:update',
    body: atLeastOne({
      name: Type.Optional(CommunityName),
      description: Type.Optional(CommunityDescription),
      settings: Type.Optional(
        field(CommunitySettingsEdit, 'The settings to replace; those that are not named stay as they are.'),
      ),
    }),
    query: dryRunFields,
    responses: { 200: orImpact(Community) },
    errors: ['UNPROCESSABLE'],
    example: { body: { name: 'Payments', settings: { minTrustForWealth: { type: 'share', value: 0.25 } } } },
  },
  deleteCommunity: {
    ...community.delete,
    summary: 'Delete a community and hide all that is in it.',
    permission: 'community:delete',
    changesMemberships: true,
  },
  // The community is deleted, so nobody holds a permission in it: the service requires the role of an admin or owner.
  restoreCommunity: {
    ...community.restore,
    summary: 'Restore a deleted community with all that is in it. Its admins and owners may.',
    changesMemberships: true,
    errors: ['FORBIDDEN', 'NOT_FOUND'],
  },
});
