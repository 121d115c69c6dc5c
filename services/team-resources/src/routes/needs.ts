import { needRoutes as routes } from '@guildhall/contracts';
import { contextOf, created, serve, versioned } from '@guildhall/http';
import { omitUndefined, type ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { NeedStore } from '../core/need-store.ts';
import { createNeed, deleteNeed, findNeed, fulfilNeed, listNeeds, restoreNeed, updateNeed } from '../core/needs.ts';

export interface NeedRouteParts extends ContextParts {
  readonly stores: { readonly needs: NeedStore };
}

export const addNeedRoutes = (app: FastifyInstance, parts: NeedRouteParts): void => {
  const { needs } = parts.stores;
  serve(app, routes.listNeeds, 'principal', async (call) => {
    const { limit, cursor, state, status = 'open', sort = 'newest', ...filters } = call.query;
    const filter = { ...filters, status, sort, isDeleted: state === 'deleted' };
    return {
      body: await listNeeds(needs, contextOf(parts, call), { ...call.params, filter, query: omitUndefined({ limit, cursor }) }),
    };
  });
  serve(app, routes.createNeed, 'principal', async (call) =>
    created(await createNeed(needs, contextOf(parts, call), { ...call.params, body: call.body })),
  );
  serve(app, routes.getNeed, 'principal', async (call) =>
    versioned((await findNeed(needs, contextOf(parts, call), call.params)).item),
  );
  serve(app, routes.updateNeed, 'principal', async (call) => {
    const change = { ...call.params, ifMatch: call.ifMatch, edit: call.body };
    return versioned(await updateNeed(needs, contextOf(parts, call), change));
  });
  serve(app, routes.fulfilNeed, 'principal', async (call) => {
    const { metByWealthId = null } = call.body;
    return versioned(await fulfilNeed(needs, contextOf(parts, call), { ...call.params, metByWealthId }));
  });
  serve(app, routes.deleteNeed, 'principal', async (call) => {
    await deleteNeed(needs, contextOf(parts, call), { ...call.params, ifMatch: call.ifMatch });
    return {};
  });
  serve(app, routes.restoreNeed, 'principal', async (call) =>
    versioned(await restoreNeed(needs, contextOf(parts, call), call.params)),
  );
};
