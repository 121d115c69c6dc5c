import { poolRoutes as routes } from '@guildhall/contracts';
import { contextOf, created, serve, versioned } from '@guildhall/http';
import { requireFound, sortedRequest, toSortedPage, type ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import {
  createPoolContribution,
  findPoolContribution,
  listPoolContributions,
  type PoolContributionStore,
} from '../core/pool-contributions.ts';
import { createPool, deletePool, findPool, restorePool, updatePool, type PoolStore } from '../core/pools.ts';

export interface PoolRouteParts extends ContextParts {
  readonly stores: { readonly pools: PoolStore; readonly poolContributions: PoolContributionStore };
}

export const addPoolRoutes = (app: FastifyInstance, parts: PoolRouteParts): void => {
  const { pools } = parts.stores;
  serve(app, routes.listPools, 'principal', async ({ caller, params, query }) => {
    const filter = { ...query, page: sortedRequest(query) };
    const rows = await requireFound('community', pools.list(caller.userId, params.communityId, filter));
    return { body: toSortedPage(rows, query) };
  });
  serve(app, routes.createPool, 'principal', async (call) =>
    created(await createPool(pools, contextOf(parts, call), { ...call.params, body: call.body })),
  );
  serve(app, routes.getPool, 'principal', async (call) =>
    versioned((await findPool(pools, contextOf(parts, call), call.params)).item),
  );
  serve(app, routes.updatePool, 'principal', async (call) => {
    const change = { ...call.params, ifMatch: call.ifMatch, edit: call.body };
    return versioned(await updatePool(pools, contextOf(parts, call), change));
  });
  serve(app, routes.deletePool, 'principal', async (call) => {
    await deletePool(pools, contextOf(parts, call), { ...call.params, ifMatch: call.ifMatch });
    return {};
  });
  serve(app, routes.restorePool, 'principal', async (call) =>
    versioned(await restorePool(pools, contextOf(parts, call), call.params)),
  );
  addContributionRoutes(app, parts);
};

const addContributionRoutes = (app: FastifyInstance, parts: PoolRouteParts): void => {
  const { poolContributions } = parts.stores;
  serve(app, routes.listPoolContributions, 'principal', async (call) => ({
    body: await listPoolContributions(poolContributions, contextOf(parts, call), call.params, call.query),
  }));
  serve(app, routes.createPoolContribution, 'principal', async (call) => {
    const creation = { ...call.params, body: call.body };
    const contribution = await createPoolContribution(poolContributions, contextOf(parts, call), creation);
    return { body: contribution, createdId: contribution.id };
  });
  serve(app, routes.getPoolContribution, 'principal', async (call) => ({
    body: await findPoolContribution(poolContributions, contextOf(parts, call), call.params),
  }));
};
