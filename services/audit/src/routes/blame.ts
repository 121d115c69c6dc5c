import { auditBlameRoutes } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import type { Blame } from '../core/trail/blame.ts';
import { parseFilters } from '../core/trail/parse-filters.ts';

export const addBlameRoutes = (app: FastifyInstance, blame: Blame): void => {
  serve(
    app,
    auditBlameRoutes.getAuditBlame,
    'principal',
    async ({ caller, query: { path, resourceType, resourceId, ...given } }) => {
      const { to, community } = parseFilters(given);
      return { body: await blame.find(caller.permissions, { path, resourceType, resourceId, to }, community) };
    },
  );
  serve(app, auditBlameRoutes.getCommunityAuditBlame, 'principal', async ({ caller, params, query }) => {
    const { path, resourceType, resourceId, ...given } = query;
    const { to } = parseFilters(given);
    return {
      body: await blame.findOfCommunity(caller.permissions, params.communityId, { path, resourceType, resourceId, to }),
    };
  });
};
