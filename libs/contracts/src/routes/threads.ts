import { Type, type Static } from 'typebox';
import { choiceField, createdFields, deletedField, field, Name, named, pageFields, pageOf, SoughtText, Uuid } from '../fields.ts';
import { operationsOf } from '../operations.ts';
import { group } from '../route.ts';
import { forum, ForumId, LastPostAt } from './forums.ts';
import { forumTag } from './tags.ts';

export const ThreadId = field(Uuid, 'The thread.', 'e4d3c2b1-2a3f-4e5d-9c6b-7a8f9e0d1c2b');
export const PostId = field(Uuid, 'The post.', 'f5e4d3c2-3b4a-4f6e-8d7c-8b9a0f1e2d3c');
export const PostContent = Type.String({
  minLength: 1,
  maxLength: 20_000,
  pattern: '^[^\\u0000]*$',
  description: 'What the post says.',
  examples: ['The file arrived at four. Who watches the transfer?'],
});
const Title = field(Name, 'What the thread is about.', 'The transfer was late again');

const fields = {
  id: ThreadId,
  forumId: ForumId,
  title: Title,
  ...createdFields,
};
const Thread = named('Thread', 'A thread of a forum.', fields);
export type Thread = Static<typeof Thread>;

const PostCount = Type.Integer({
  minimum: 1,
  description: 'How many posts it has, the removed ones included, whose place is kept.',
  examples: [9],
});
const UnreadCount = Type.Integer({ minimum: 0, description: 'How many of them the caller has not read.', examples: [3] });
const ThreadSummary = named('ThreadSummary', 'A thread as lists show it.', {
  ...fields,
  postCount: PostCount,
  unreadCount: UnreadCount,
  lastPostAt: LastPostAt,
});
/** A thread as lists show it to one member. */
export type ThreadSummary = Static<typeof ThreadSummary>;

const ReadMark = named('ReadMark', 'What the caller has read of a thread.', { threadId: ThreadId, unreadCount: UnreadCount });
export type ReadMark = Static<typeof ReadMark>;

export const thread = operationsOf({
  type: 'thread',
  path: '/v1/communities/:communityId/forums/:forumId/threads',
  parent: forum,
  id: { threadId: ThreadId },
  schema: Thread,
});
const { pathOfOne, params, subject } = thread;

export const threadRoutes = group(forumTag, {
  listThreads: {
    ...thread.list,
    summary: 'The threads of a forum.',
    permission: 'forum:read',
    query: {
      ...pageFields,
      state: deletedField('The deleted threads: one’s own, for who holds forum:moderate all; without it the others.'),
      unread: Type.Optional(
        Type.Boolean({
          default: false,
          description: 'True: only the threads with posts that the caller has not read.',
          examples: [true],
        }),
      ),
      q: Type.Optional(field(SoughtText, 'Only the threads whose title contains this text, in any case.', 'transfer')),
      sort: choiceField(['active', 'newest', 'oldest'], 'The order: by the last post, the latest first, or by creation.'),
    },
    responses: { 200: pageOf('ThreadSummary', ThreadSummary) },
  },
  createThread: {
    ...thread.create,
    summary: 'Begin a thread with its first post.',
    permission: 'forum:post',
    body: { title: Title, content: PostContent },
  },
  getThread: {
    ...thread.get,
    summary: 'One thread, without its posts.',
    permission: 'forum:read',
  },
  updateThread: {
    ...thread.update,
    summary: 'Change the title of a thread: one’s own, or any with forum:moderate.',
    permission: 'forum:post',
    body: { title: Title },
  },
  deleteThread: {
    ...thread.delete,
    summary: 'Delete a thread with its posts: one’s own in which nobody else has posted, or any with forum:moderate.',
    permission: 'forum:post',
  },
  restoreThread: {
    ...thread.restore,
    summary: 'Bring a deleted thread back: one’s own that one deleted, or any with forum:moderate.',
    permission: 'forum:post',
  },
  markThreadRead: {
    method: 'PUT',
    path: `${pathOfOne}/read-mark` as const,
    summary: 'Mark a thread as read by the caller, up to a post or to its end. A mark never goes back.',
    permission: 'forum:read',
    action: 'thread.mark-read',
    subject,
    params,
    body: { postId: Type.Optional(field(PostId, 'The last post that was read; absent: the last one there is.')) },
    example: { body: {} },
    responses: { 200: ReadMark },
  },
});
