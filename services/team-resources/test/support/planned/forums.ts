import { randomUUID } from 'node:crypto';
import type { Forum, Thread } from '@guildhall/contracts';
import { auditEvent, deepIn, page, type Place, row, type Statements, userId } from './frame.ts';

const forumOf = ({ communityId, forumId: id }: Place): Forum => ({ id, communityId, name: 'f', description: '', ...row });
const threadOf = ({ forumId, threadId: id }: Place): Thread => ({ id, forumId, title: 't', ...row });

export const ofForums: Statements = {
  'forums, in every order, state and position': async (stores, { communityId, forumId }) => {
    for (const sort of ['newest', 'oldest'] as const)
      for (const state of [null, 'deleted'] as const)
        for (const after of [page, deepIn(forumId)])
          await stores.forums.list(userId, communityId, { state, text: 'forum 9', sort }, after);
  },
  'threads, in every order, state and position': async (stores, { threadId, ...path }) => {
    for (const sort of ['active', 'newest', 'oldest'] as const)
      for (const state of [null, 'deleted'] as const)
        for (const isUnread of [false, true])
          for (const after of [page, deepIn(threadId)])
            await stores.threads.list(userId, path, { state, isUnread, text: 'thread 9', sort }, after);
  },
  'posts, in every order, state and position': async (stores, path) => {
    for (const sort of ['oldest', 'newest'] as const)
      for (const state of [null, 'deleted'] as const)
        for (const after of [null, 5]) await stores.posts.list(userId, path, { state, sort }, { limit: 26, after });
  },
  'one forum, thread and post': async (stores, path) => {
    await stores.forums.find(userId, path);
    await stores.threads.find(userId, path);
    await stores.posts.find(userId, path);
  },
  'changes of forums': async (stores, place) => {
    const [store, write] = [stores.forums, { userId, permission: 'forum:update', event: auditEvent() } as const];
    await store.insert(forumOf(place), write, null);
    await store.save(forumOf(place), false, write);
  },
  'changes of threads': async (stores, place) => {
    const write = { communityId: place.communityId, userId, event: auditEvent() };
    await stores.threads.findCreateTarget(userId, place, 'key');
    await stores.threads.insert(threadOf(place), { id: randomUUID(), content: 'x' }, write, null);
    await stores.threads.save(threadOf(place), { deletedBy: userId, lastPostNumber: 1 }, write);
  },
  'changes of posts': async (stores, place) => {
    const post = { id: place.postId, threadId: place.threadId, content: 'x', deletion: null, ...row };
    const write = { path: place, userId, event: auditEvent() };
    await stores.posts.findCreateTarget(userId, place, 'key');
    await stores.posts.insert(post, write, null);
    await stores.posts.save(post, write);
  },
  'read marks': async (stores, place) => {
    await stores.readMarks.markThread(userId, place, place.postId);
    await stores.readMarks.markForum(userId, place);
  },
};
