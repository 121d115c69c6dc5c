import { wealthRequestRoutes, wealthRoutes } from '@guildhall/contracts';
import { contextOf, created, serve, versioned } from '@guildhall/http';
import { omitUndefined, type ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import {
  createWealthRequest,
  findWealthRequest,
  listWealthRequests,
  updateWealthRequest,
  type WealthRequestStore,
} from '../core/wealth-requests.ts';
import type { WealthStore } from '../core/wealth-store.ts';
import { createWealth, deleteWealth, findWealth, listWealth, restoreWealth, updateWealth } from '../core/wealth.ts';

export interface WealthRouteParts extends ContextParts {
  readonly stores: { readonly wealth: WealthStore; readonly wealthRequests: WealthRequestStore };
}

const addOfferRoutes = (app: FastifyInstance, parts: WealthRouteParts): void => {
  const { wealth } = parts.stores;
  serve(app, wealthRoutes.listWealth, 'principal', async (call) => {
    const { limit, cursor, state, status = 'active', sort = 'newest', ...filters } = call.query;
    const filter = { ...filters, status, sort, isDeleted: state === 'deleted' };
    const query = omitUndefined({ limit, cursor });
    return { body: await listWealth(wealth, contextOf(parts, call), { ...call.params, filter, query }) };
  });
  serve(app, wealthRoutes.createWealth, 'principal', async (call) =>
    created(await createWealth(wealth, contextOf(parts, call), { ...call.params, body: call.body })),
  );
  serve(app, wealthRoutes.getWealth, 'principal', async (call) =>
    versioned((await findWealth(wealth, contextOf(parts, call), call.params)).item),
  );
  serve(app, wealthRoutes.updateWealth, 'principal', async (call) => {
    const change = { ...call.params, ifMatch: call.ifMatch, edit: call.body };
    return versioned(await updateWealth(wealth, contextOf(parts, call), change));
  });
  serve(app, wealthRoutes.deleteWealth, 'principal', async (call) => {
    await deleteWealth(wealth, contextOf(parts, call), { ...call.params, ifMatch: call.ifMatch });
    return {};
  });
  serve(app, wealthRoutes.restoreWealth, 'principal', async (call) =>
    versioned(await restoreWealth(wealth, contextOf(parts, call), call.params)),
  );
};

const addRequestRoutes = (app: FastifyInstance, parts: WealthRouteParts): void => {
  const { wealthRequests } = parts.stores;
  serve(app, wealthRequestRoutes.listWealthRequests, 'principal', async (call) => ({
    body: await listWealthRequests(wealthRequests, contextOf(parts, call), call.params, call.query),
  }));
  serve(app, wealthRequestRoutes.createWealthRequest, 'principal', async (call) =>
    created(await createWealthRequest(wealthRequests, contextOf(parts, call), { ...call.params, body: call.body })),
  );
  serve(app, wealthRequestRoutes.getWealthRequest, 'principal', async (call) =>
    versioned(await findWealthRequest(wealthRequests, contextOf(parts, call), call.params)),
  );
  serve(app, wealthRequestRoutes.updateWealthRequest, 'principal', async (call) => {
    const change = { ...call.params, ifMatch: call.ifMatch, status: call.body.status };
    return versioned(await updateWealthRequest(wealthRequests, contextOf(parts, call), change));
  });
};

export const addWealthRoutes = (app: FastifyInstance, parts: WealthRouteParts): void => {
  addOfferRoutes(app, parts);
  addRequestRoutes(app, parts);
};
