import type { ServiceName } from '@guildhall/contracts';
import { bearerToken } from '@guildhall/http';
import type { FastifyRequest } from 'fastify';
import type { AdmissionRequest } from '../core/admission/admit.ts';
import type { PublicRoute } from '../route-table.ts';

/** Reads from a request what admission needs, if `service` is to answer it. */
export const admissionRequestOf = (request: FastifyRequest, route: PublicRoute, service: ServiceName): AdmissionRequest => ({
  contract: route.contract,
  access: route.access,
  service,
  requiresSharedDb: route.requiresSharedDb,
  rateLimit: route.rateLimit ?? 'request',
  params: request.params as Record<string, string>,
  query: request.query as Record<string, unknown>,
  token: bearerToken(request.headers.authorization),
  ip: request.clientAddress,
});
