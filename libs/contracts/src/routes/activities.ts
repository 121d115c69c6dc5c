import { Type, type Static } from 'typebox';
import { closed, CommunityId, field, named, pageFields, pageOf, Timestamp, UserId, Uuid } from '../fields.ts';
import { group } from '../route.ts';
import { communityTag } from './tags.ts';

const resource = closed({
  type: Type.String({ description: 'The kind of resource.', examples: ['script'] }),
  id: Type.String({ description: 'The id of the resource.', examples: ['9a8b7c6d-5e4f-4a3b-8c1d-0e9f8a7b6c5d'] }),
  name: Type.Optional(Type.String({ description: 'Its name then, where every member may see it.', examples: ['Night batch'] })),
});

export const Activity = named('Activity', 'Something that a member did in a community, as every member may see it.', {
  id: field(Uuid, 'The id of the activity.', 'e4d3c2b1-a0f9-4e8d-8c7b-6a5f4e3d2c1b'),
  occurredAt: field(Timestamp, 'When it was done.'),
  userId: field(UserId, 'The member who did it.'),
  displayName: Type.String({ description: 'The name of the member; empty if it is not known.', examples: ['Ada Lovelace'] }),
  action: Type.String({ description: 'What was done, as the audit trail names it.', examples: ['script.update'] }),
  resource: field(resource, 'What it was done to.'),
});
export type Activity = Static<typeof Activity>;

export const activityRoutes = group(communityTag, {
  listActivity: {
    method: 'GET',
    path: '/v1/communities/:communityId/activity',
    summary: 'What the members of a community did, newest first: without addresses, devices and refused attempts.',
    permission: 'activity:read',
    action: 'activity.list',
    subject: { type: 'community', parameter: 'communityId' },
    params: { communityId: CommunityId },
    query: { ...pageFields, userId: Type.Optional(field(UserId, 'Only what this member did.')) },
    responses: { 200: pageOf('Activity', Activity) },
  },
});
