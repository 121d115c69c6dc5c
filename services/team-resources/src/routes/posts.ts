import { postRoutes as routes } from '@guildhall/contracts';
import { contextOf, created, serve, versioned } from '@guildhall/http';
import type { ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import {
  createPost,
  deletePost,
  findPost,
  listPosts,
  removePost,
  restorePost,
  shownPost,
  updatePost,
  type PostStore,
} from '../core/posts.ts';

export interface PostRouteParts extends ContextParts {
  readonly stores: { readonly posts: PostStore };
}

export const addPostRoutes = (app: FastifyInstance, parts: PostRouteParts): void => {
  const { posts } = parts.stores;
  serve(app, routes.listPosts, 'principal', async (call) => ({
    body: await listPosts(posts, contextOf(parts, call), { path: call.params, query: call.query }),
  }));
  serve(app, routes.createPost, 'principal', async (call) =>
    created(await createPost(posts, contextOf(parts, call), { path: call.params, content: call.body.content })),
  );
  serve(app, routes.getPost, 'principal', async (call) =>
    versioned(shownPost((await findPost(posts, contextOf(parts, call), call.params)).item)),
  );
  serve(app, routes.updatePost, 'principal', async (call) => {
    const change = { ...call.params, ifMatch: call.ifMatch, content: call.body.content };
    return versioned(await updatePost(posts, contextOf(parts, call), change));
  });
  serve(app, routes.deletePost, 'principal', async (call) => {
    await deletePost(posts, contextOf(parts, call), { ...call.params, ifMatch: call.ifMatch });
    return {};
  });
  serve(app, routes.removePost, 'principal', async (call) =>
    versioned(await removePost(posts, contextOf(parts, call), { ...call.params, reason: call.body.reason })),
  );
  serve(app, routes.restorePost, 'principal', async (call) =>
    versioned(await restorePost(posts, contextOf(parts, call), call.params)),
  );
};
