import { Type, type Static } from 'typebox';
import {
  closed,
  CommunityId,
  CreatedAt,
  CreatedBy,
  CreatorName,
  field,
  Name,
  named,
  nullable,
  pageFields,
  pageOf,
  Timestamp,
  UpdatedAt,
  UserId,
  Version,
} from '../fields.ts';
import { group } from '../route.ts';
import { ForumId } from './forums.ts';
import { forumTag } from './tags.ts';
import { PostContent, PostId, ThreadId } from './threads.ts';

const Reason = field(Name, 'Why the post was removed.', 'It names a customer.');

const Deletion = closed({
  at: field(Timestamp, 'When it was deleted or removed.', '2026-02-03T09:00:00.000Z'),
  by: field(UserId, 'Who deleted it: its author, or a moderator.'),
  reason: nullable(Reason, 'Why a moderator removed it; null if its author deleted it.'),
});

const fields = {
  id: PostId,
  threadId: ThreadId,
  content: nullable(PostContent, 'What it says; null in place of a post that was deleted or removed.'),
  deletion: nullable(Deletion, 'That and why it is gone; null for a post that is there.'),
  createdBy: CreatedBy,
  createdByName: CreatorName,
  version: Version,
  createdAt: CreatedAt,
  updatedAt: UpdatedAt,
};
const Post = named('Post', 'A post of a thread. One that is gone keeps its place, without its text.', fields);
/** A post of a thread. One that is gone keeps its place, without its text. */
export type Post = Static<typeof Post>;

const PostSummary = named('PostSummary', 'A post as lists show it.', {
  ...fields,
  isUnread: Type.Boolean({ description: 'Whether it comes after the last post that the caller has read.', examples: [true] }),
});
/** A post as lists show it to one member. */
export type PostSummary = Static<typeof PostSummary>;

const path = '/v1/communities/:communityId/forums/:forumId/threads/:threadId/posts';
const pathOfOne = `${path}/:postId` as const;
const ofThread = { communityId: CommunityId, forumId: ForumId, threadId: ThreadId };
const params = { ...ofThread, postId: PostId };
const subject = { type: 'post', parameter: 'postId' } as const;

export const postRoutes = group(forumTag, {
  listPosts: {
    method: 'GET',
    path,
    summary: 'The posts of a thread, the first one first.',
    permission: 'forum:read',
    action: 'post.list',
    subject: { type: 'thread', parameter: 'threadId' },
    params: ofThread,
    query: {
      ...pageFields,
      state: Type.Optional(
        Type.Enum(['deleted'], {
          description:
            'The posts that are gone, with their text: those that one deleted of one’s own, for who holds forum:moderate all.',
          examples: ['deleted'],
        }),
      ),
      sort: Type.Optional(
        Type.Enum(['oldest', 'newest'], { default: 'oldest', description: 'The order, by creation.', examples: ['oldest'] }),
      ),
    },
    responses: { 200: pageOf('PostSummary', PostSummary) },
  },
  createPost: {
    method: 'POST',
    path,
    summary: 'Post in a thread.',
    permission: 'forum:post',
    action: 'post.create',
    subject: { type: 'post', id: 'new' },
    params: ofThread,
    body: { content: PostContent },
    responses: { 201: Post },
    location: `${path}/:id` as const,
    answersVersion: true,
    isIdempotentCreate: true,
  },
  getPost: {
    method: 'GET',
    path: pathOfOne,
    summary: 'One post.',
    permission: 'forum:read',
    action: 'post.read',
    subject,
    params,
    responses: { 200: Post },
    answersVersion: true,
  },
  updatePost: {
    method: 'PATCH',
    path: pathOfOne,
    summary: 'Change what one’s own post says. Nobody changes what others wrote.',
    permission: 'forum:post',
    action: 'post.update',
    subject,
    params,
    body: { content: PostContent },
    responses: { 200: Post },
    answersVersion: true,
    errors: ['CONFLICT'],
    isVersioned: true,
  },
  deletePost: {
    method: 'DELETE',
    path: pathOfOne,
    summary: 'Delete one’s own post. Others’ are removed, with a reason.',
    permission: 'forum:post',
    action: 'post.delete',
    subject,
    params,
    responses: { 204: null },
    errors: ['CONFLICT'],
    isVersioned: true,
  },
  removePost: {
    method: 'POST',
    path: `${pathOfOne}/remove` as const,
    summary: 'Remove a post with a reason, which stands in its place. The text is kept, and shown to moderators alone.',
    permission: 'forum:moderate',
    action: 'post.remove',
    subject,
    params,
    body: { reason: Reason },
    responses: { 200: Post },
    answersVersion: true,
    errors: ['CONFLICT'],
  },
  restorePost: {
    method: 'POST',
    path: `${pathOfOne}/restore` as const,
    summary: 'Bring a post back: one’s own that one deleted, or any with forum:moderate.',
    permission: 'forum:post',
    action: 'post.restore',
    subject,
    params,
    responses: { 200: Post },
    answersVersion: true,
  },
});
