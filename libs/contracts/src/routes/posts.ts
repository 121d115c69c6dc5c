import { Type, type Static } from 'typebox';
import {
  choiceField,
  closed,
  createdFields,
  deletedField,
  field,
  Name,
  named,
  nullable,
  pageFields,
  pageOf,
  Timestamp,
  UserId,
} from '../fields.ts';
import { operationsOf } from '../operations.ts';
import { group } from '../route.ts';
import { forumTag } from './tags.ts';
import { PostContent, PostId, thread, ThreadId } from './threads.ts';

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
  ...createdFields,
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

const post = operationsOf({
  type: 'post',
  path: '/v1/communities/:communityId/forums/:forumId/threads/:threadId/posts',
  parent: thread,
  id: { postId: PostId },
  schema: Post,
});
const { pathOfOne, params, subject } = post;

export const postRoutes = group(forumTag, {
  listPosts: {
    ...post.list,
    summary: 'The posts of a thread, the first one first.',
    permission: 'forum:read',
    query: {
      ...pageFields,
      state: deletedField(
        'The posts that are gone, with their text: those that one deleted of one’s own, for who holds forum:moderate all.',
      ),
      sort: choiceField(['oldest', 'newest'], 'The order, by creation.'),
    },
    responses: { 200: pageOf('PostSummary', PostSummary) },
  },
  createPost: {
    ...post.create,
    summary: 'Post in a thread.',
    permission: 'forum:post',
    body: { content: PostContent },
  },
  getPost: {
    ...post.get,
    summary: 'One post.',
    permission: 'forum:read',
  },
  updatePost: {
    ...post.update,
    summary: 'Change what one’s own post says. Nobody changes what others wrote.',
    permission: 'forum:post',
    body: { content: PostContent },
    errors: ['CONFLICT'],
  },
  deletePost: {
    ...post.delete,
    summary: 'Delete one’s own post. Others’ are removed, with a reason.',
    permission: 'forum:post',
    errors: ['CONFLICT'],
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
    ...post.restore,
    summary: 'Bring a post back: one’s own that one deleted, or any with forum:moderate.',
    permission: 'forum:post',
  },
});
