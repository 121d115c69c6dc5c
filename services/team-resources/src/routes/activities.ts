import { activityRoutes as routes } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import { cursorOf, pageRequest, readPosition, requireFound, toPage } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { ActivityStore } from '../core/activities.ts';

export interface ActivityRouteParts {
  readonly stores: { readonly activities: Pick<ActivityStore, 'list'> };
}

export const addActivityRoutes = (app: FastifyInstance, { stores }: ActivityRouteParts): void => {
  serve(app, routes.listActivity, 'principal', async ({ caller, params, query }) => {
    const filter = { ...query, page: pageRequest(query, readPosition) };
    const rows = await requireFound('community', stores.activities.list(caller.userId, params.communityId, filter));
    return { body: toPage(rows, query, ({ occurredAt, id }) => cursorOf({ createdAt: occurredAt, id })) };
  });
};
