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
  Uuid,
} from '../fields.ts';
import { ofCommunity, operationsOf } from '../operations.ts';
import { group } from '../route.ts';
import { forumTag } from './tags.ts';

export const ForumId = field(Uuid, 'The forum.', 'd3c2b1a0-1f2e-4d3c-8b4a-5f6e7d8c9b0a');
const ForumName = field(Name, 'The name of the forum.', 'Incidents');
const ForumDescription = field(Description, 'What belongs into the forum.', 'What broke at night, and why.');
export const LastPostAt = field(Timestamp, 'When something was posted last.', '2026-02-03T07:00:00.000Z');

const fields = {
  id: ForumId,
  communityId: CommunityId,
  name: ForumName,
  description: ForumDescription,
  ...createdFields,
};
const Forum = named('Forum', 'A forum of a community.', fields);
export type Forum = Static<typeof Forum>;

const ForumSummary = named('ForumSummary', 'A forum as lists show it.', {
  ...fields,
  threadCount: Type.Integer({ minimum: 0, description: 'How many threads it has.', examples: [14] }),
  unreadThreadCount: Type.Integer({
    minimum: 0,
    description: 'In how many of them there are posts that the caller has not read.',
    examples: [2],
  }),
  lastPostAt: nullable(LastPostAt, 'When something was posted in it last; null if it has no thread.'),
});
/** A forum as lists show it to one member. */
export type ForumSummary = Static<typeof ForumSummary>;

export const forum = operationsOf({
  type: 'forum',
  path: '/v1/communities/:communityId/forums',
  parent: ofCommunity,
  id: { forumId: ForumId },
  schema: Forum,
});
const { pathOfOne, params, subject } = forum;

export const forumRoutes = group(forumTag, {
  listForums: {
    ...forum.list,
    summary: 'The forums of a community.',
    permission: 'forum:read',
    query: {
      ...pageFields,
      state: deletedField('The deleted forums, for those who may delete them; without it the others.'),
      q: Type.Optional(field(SoughtText, 'Only the forums whose name contains this text, in any case.', 'incident')),
      sort: choiceField(['newest', 'oldest'], 'The order, by creation.'),
    },
    responses: { 200: pageOf('ForumSummary', ForumSummary) },
  },
  createForum: {
    ...forum.create,
    summary: 'Create a forum.',
    permission: 'forum:create',
    body: { name: ForumName, description: Type.Optional(ForumDescription) },
  },
  getForum: {
    ...forum.get,
    summary: 'One forum.',
    permission: 'forum:read',
  },
  updateForum: {
    ...forum.update,
    summary: 'Rename a forum or change its description.',
    permission: 'forum:update',
    body: atLeastOne({ name: Type.Optional(ForumName), description: Type.Optional(ForumDescription) }),
  },
  deleteForum: {
    ...forum.delete,
    summary: 'Delete a forum; it can be restored with its threads.',
    permission: 'forum:delete',
  },
  restoreForum: {
    ...forum.restore,
    summary: 'Bring a deleted forum back.',
    permission: 'forum:delete',
  },
  markForumRead: {
    method: 'PUT',
    path: `${pathOfOne}/read-mark` as const,
    summary: 'Mark every thread of a forum as read by the caller.',
    permission: 'forum:read',
    action: 'forum.mark-read',
    subject,
    params,
    responses: { 204: null },
  },
});
