import { threadRoutes as routes } from '@guildhall/contracts';
import { contextOf, created, serve, versioned } from '@guildhall/http';
import type { ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import { markThreadRead, type ReadMarkStore } from '../core/read-marks.ts';
import {
  createThread,
  deleteThread,
  findThread,
  listThreads,
  restoreThread,
  updateThread,
  type ThreadStore,
} from '../core/threads.ts';

export interface ThreadRouteParts extends ContextParts {
  readonly stores: { readonly threads: ThreadStore; readonly readMarks: ReadMarkStore };
}

export const addThreadRoutes = (app: FastifyInstance, parts: ThreadRouteParts): void => {
  const { threads, readMarks } = parts.stores;
  serve(app, routes.listThreads, 'principal', async (call) => ({
    body: await listThreads(threads, contextOf(parts, call), { path: call.params, query: call.query }),
  }));
  serve(app, routes.createThread, 'principal', async (call) =>
    created(await createThread(threads, contextOf(parts, call), { path: call.params, ...call.body })),
  );
  serve(app, routes.getThread, 'principal', async (call) =>
    versioned((await findThread(threads, contextOf(parts, call), call.params)).item),
  );
  serve(app, routes.updateThread, 'principal', async (call) => {
    const change = { ...call.params, ifMatch: call.ifMatch, edit: call.body };
    return versioned(await updateThread(threads, contextOf(parts, call), change));
  });
  serve(app, routes.deleteThread, 'principal', async (call) => {
    await deleteThread(threads, contextOf(parts, call), { ...call.params, ifMatch: call.ifMatch });
    return {};
  });
  serve(app, routes.restoreThread, 'principal', async (call) =>
    versioned(await restoreThread(threads, contextOf(parts, call), call.params)),
  );
  serve(app, routes.markThreadRead, 'principal', async (call) => ({
    body: await markThreadRead(readMarks, contextOf(parts, call), { path: call.params, postId: call.body.postId }),
  }));
};
