import { forumRoutes as routes } from '@guildhall/contracts';
import { contextOf, created, serve, versioned } from '@guildhall/http';
import type { ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import { createForum, deleteForum, findForum, listForums, restoreForum, updateForum, type ForumStore } from '../core/forums.ts';
import { markForumRead, type ReadMarkStore } from '../core/read-marks.ts';

export interface ForumRouteParts extends ContextParts {
  readonly stores: { readonly forums: ForumStore; readonly readMarks: ReadMarkStore };
}

export const addForumRoutes = (app: FastifyInstance, parts: ForumRouteParts): void => {
  const { forums, readMarks } = parts.stores;
  serve(app, routes.listForums, 'principal', async (call) => ({
    body: await listForums(forums, contextOf(parts, call), { ...call.params, query: call.query }),
  }));
  serve(app, routes.createForum, 'principal', async (call) =>
    created(await createForum(forums, contextOf(parts, call), { ...call.params, fields: call.body })),
  );
  serve(app, routes.getForum, 'principal', async (call) =>
    versioned((await findForum(forums, contextOf(parts, call), call.params)).item),
  );
  serve(app, routes.updateForum, 'principal', async (call) => {
    const change = { ...call.params, ifMatch: call.ifMatch, edit: call.body };
    return versioned(await updateForum(forums, contextOf(parts, call), change));
  });
  serve(app, routes.deleteForum, 'principal', async (call) => {
    await deleteForum(forums, contextOf(parts, call), { ...call.params, ifMatch: call.ifMatch });
    return {};
  });
  serve(app, routes.restoreForum, 'principal', async (call) =>
    versioned(await restoreForum(forums, contextOf(parts, call), call.params)),
  );
  serve(app, routes.markForumRead, 'principal', async (call) => {
    await markForumRead(readMarks, contextOf(parts, call), call.params);
    return {};
  });
};
