import type { ServiceName } from '@guildhall/contracts';
import type { FastifyRequest } from 'fastify';
import type { Visit } from '../core/admission/admit.ts';
import type { PublicRoute } from '../route-table.ts';

/** What admission needs to know of a request that `service` would answer. */
export const visitOf = (request: FastifyRequest, route: PublicRoute, service: ServiceName): Visit => ({
  contract: route.contract,
  access: route.access,
  service,
  requiresSharedDb: route.requiresSharedDb,
  isSignIn: route.isSignIn === true,
  params: request.params as Record<string, string>,
  query: request.query as Record<string, unknown>,
  token: bearerToken(request.headers.authorization),
  ip: request.ip,
});

/** The token of `Authorization: Bearer …` (RFC 6750, section 2.1); undefined without one. */
export const bearerToken = (header: string | undefined): string | undefined =>
  /^Bearer ([\w.~+/=-]{1,8192})$/i.exec(header ?? '')?.[1];
