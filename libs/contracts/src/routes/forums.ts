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
  SoughtText,
  Timestamp,
  UpdatedAt,
  Uuid,
  Version,
} from '../fields.ts';
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
  createdBy: CreatedBy,
  createdByName: CreatorName,
  version: Version,
  createdAt: CreatedAt,
  updatedAt: UpdatedAt,
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

const path = '/v1/communities/:communityId/forums';
const pathOfOne = `${path}/:forumId` as const;
const params = { communityId: CommunityId, forumId: ForumId };
const subject = { type: 'forum', parameter: 'forumId' } as const;

export const forumRoutes = group(forumTag, {
  listForums: {
    method: 'GET',
    path,
    summary: 'The forums of a community.',
    permission: 'forum:read',
    action: 'forum.list',
    subject: { type: 'community', parameter: 'communityId' },
    params: { communityId: CommunityId },
    query: {
      ...pageFields,
      state: Type.Optional(
        Type.Enum(['deleted'], {
          description: 'The deleted forums, for those who may delete them; without it the others.',
          examples: ['deleted'],
        }),
      ),
      q: Type.Optional(field(SoughtText, 'Only the forums whose name contains this text, in any case.', 'incident')),
      sort: Type.Optional(
        Type.Enum(['newest', 'oldest'], { default: 'newest', description: 'The order, by creation.', examples: ['newest'] }),
      ),
    },
    responses: { 200: pageOf('ForumSummary', ForumSummary) },
  },
  createForum: {
    method: 'POST',
    path,
    summary: 'Create a forum.',
    permission: 'forum:create',
    action: 'forum.create',
    subject: { type: 'forum', id: 'new' },
    params: { communityId: CommunityId },
    body: { name: ForumName, description: Type.Optional(ForumDescription) },
    responses: { 201: Forum },
    location: `${path}/:id` as const,
    answersVersion: true,
    isIdempotentCreate: true,
  },
  getForum: {
    method: 'GET',
    path: pathOfOne,
    summary: 'One forum.',
    permission: 'forum:read',
    action: 'forum.read',
    subject,
    params,
    responses: { 200: Forum },
    answersVersion: true,
  },
  updateForum: {
    method: 'PATCH',
    path: pathOfOne,
    summary: 'Rename a forum or change its description.',
    permission: 'forum:update',
    action: 'forum.update',
    subject,
    params,
    body: atLeastOne({ name: Type.Optional(ForumName), description: Type.Optional(ForumDescription) }),
    responses: { 200: Forum },
    answersVersion: true,
    isVersioned: true,
  },
  deleteForum: {
    method: 'DELETE',
    path: pathOfOne,
    summary: 'Delete a forum; it can be restored with its threads.',
    permission: 'forum:delete',
    action: 'forum.delete',
    subject,
    params,
    responses: { 204: null },
    isVersioned: true,
  },
  restoreForum: {
    method: 'POST',
    path: `${pathOfOne}/restore` as const,
    summary: 'Bring a deleted forum back.',
    permission: 'forum:delete',
    action: 'forum.restore',
    subject,
    params,
    responses: { 200: Forum },
    answersVersion: true,
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
