import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { FastifyInstance } from 'fastify';
import { atOnce } from './hook-at-once.ts';

/** The metrics of one process in the Prometheus format, in a registry of its own: two servers in one process stay apart. */
export interface Metrics {
  readonly registry: Registry;
  observeRequest(method: string, route: string, status: number, seconds: number): void;
}

/** Histogram buckets in seconds: from a quick read to the longest answer that is still waited for. */
const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

export const createMetrics = (service: string): Metrics => {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from receiving a request to having answered it.',
    labelNames: ['method', 'route', 'status'],
    buckets: durationBuckets,
    registers: [registry],
  });
  return {
    registry,
    observeRequest: (method, route, status, seconds) => duration.labels(method, route, String(status)).observe(seconds),
  };
};

/** Measures every request of `app` by its route, never by its URL, so that the number of series stays bounded. */
export const measureRequests = (app: FastifyInstance, metrics: Metrics): void => {
  app.addHook(
    'onResponse',
    atOnce((request, reply) => {
      metrics.observeRequest(request.method, request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1000);
    }),
  );
};
