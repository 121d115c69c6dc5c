import { disputeRoutes as routes } from '@guildhall/contracts';
import { contextOf, created, serve, versioned } from '@guildhall/http';
import type { ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import { findDispute, listDisputes, openDispute, updateDispute, type DisputeStore } from '../core/disputes.ts';

export interface DisputeRouteParts extends ContextParts {
  readonly stores: { readonly disputes: DisputeStore };
}

export const addDisputeRoutes = (app: FastifyInstance, parts: DisputeRouteParts): void => {
  const { disputes } = parts.stores;
  serve(app, routes.listDisputes, 'principal', async (call) => ({
    body: await listDisputes(disputes, contextOf(parts, call), call.params.communityId, call.query),
  }));
  serve(app, routes.openDispute, 'principal', async (call) =>
    created(await openDispute(disputes, contextOf(parts, call), { ...call.params, reason: call.body.reason })),
  );
  serve(app, routes.getDispute, 'principal', async (call) =>
    versioned(await findDispute(disputes, contextOf(parts, call), call.params)),
  );
  serve(app, routes.updateDispute, 'principal', async (call) => {
    const { status, resolution } = call.body;
    const end = { ...call.params, ifMatch: call.ifMatch, status, resolution };
    return versioned(await updateDispute(disputes, contextOf(parts, call), end));
  });
};
