import { trustRoutes as routes } from '@guildhall/contracts';
import { contextOf, serve, versioned } from '@guildhall/http';
import type { ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import { awardTrust, listTrustAwards, withdrawTrustAward, type TrustAwardStore } from '../core/trust-awards.ts';
import { findTrustGrant, listTrustGrants, reviseTrustGrant, type TrustGrantStore } from '../core/trust-grants.ts';
import { findTrustGraph, findTrustScore, listTrustScores, type TrustScoreStore } from '../core/trust-scores.ts';

export interface TrustRouteParts extends ContextParts {
  readonly stores: {
    readonly trustAwards: TrustAwardStore;
    readonly trustGrants: TrustGrantStore;
    readonly trustScores: TrustScoreStore;
  };
}

const depthDefault = 2;
const nodesDefault = 50;

const memberOf = ({ communityId, userId }: { readonly communityId: string; readonly userId: string }) => ({
  communityId,
  memberId: userId,
});

const addAwardRoutes = (app: FastifyInstance, parts: TrustRouteParts): void => {
  const { trustAwards } = parts.stores;
  serve(app, routes.listTrustAwards, 'principal', async (call) => {
    const { from, to, ...query } = call.query;
    return { body: await listTrustAwards(trustAwards, contextOf(parts, call), { ...call.params, filter: { from, to }, query }) };
  });
  serve(app, routes.awardTrust, 'principal', async (call) => ({
    body: await awardTrust(trustAwards, contextOf(parts, call), memberOf(call.params)),
  }));
  serve(app, routes.withdrawTrustAward, 'principal', async (call) => {
    await withdrawTrustAward(trustAwards, contextOf(parts, call), memberOf(call.params));
    return {};
  });
};

const addGrantRoutes = (app: FastifyInstance, parts: TrustRouteParts): void => {
  const { trustGrants } = parts.stores;
  serve(app, routes.listTrustGrants, 'principal', async (call) => ({
    body: await listTrustGrants(trustGrants, contextOf(parts, call), { ...call.params, query: call.query }),
  }));
  serve(app, routes.getTrustGrant, 'principal', async (call) =>
    versioned(await findTrustGrant(trustGrants, contextOf(parts, call), memberOf(call.params))),
  );
  serve(app, routes.reviseTrustGrant, 'principal', async (call) => {
    const revision = { ...memberOf(call.params), ifMatch: call.ifMatch, edit: call.body };
    return versioned(await reviseTrustGrant(trustGrants, contextOf(parts, call), revision));
  });
};

const addScoreRoutes = (app: FastifyInstance, parts: TrustRouteParts): void => {
  const { trustScores } = parts.stores;
  serve(app, routes.listTrustScores, 'principal', async (call) => ({
    body: await listTrustScores(trustScores, contextOf(parts, call), { ...call.params, query: call.query }),
  }));
  serve(app, routes.getTrustScore, 'principal', async (call) => ({
    body: await findTrustScore(trustScores, contextOf(parts, call), memberOf(call.params)),
  }));
  serve(app, routes.getTrustGraph, 'principal', async (call) => {
    const { around = call.caller.userId, depth = depthDefault, limit = nodesDefault } = call.query;
    const body = await findTrustGraph(trustScores, contextOf(parts, call), call.params.communityId, { around, depth, limit });
    return { body };
  });
};

export const addTrustRoutes = (app: FastifyInstance, parts: TrustRouteParts): void => {
  addAwardRoutes(app, parts);
  addGrantRoutes(app, parts);
  addScoreRoutes(app, parts);
};
