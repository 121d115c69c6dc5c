import { metricRoutes as routes } from '@guildhall/contracts';
import { contextOf, serve } from '@guildhall/http';
import type { ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import { findMetrics, type MetricStore } from '../core/metrics.ts';

export interface MetricRouteParts extends ContextParts {
  readonly stores: { readonly metrics: MetricStore };
}

export const addMetricRoutes = (app: FastifyInstance, parts: MetricRouteParts): void => {
  serve(app, routes.getCommunityMetrics, 'principal', async (call) => {
    const { by = 'week' } = call.query;
    return { body: await findMetrics(parts.stores.metrics, contextOf(parts, call), { ...call.params, by }) };
  });
};
