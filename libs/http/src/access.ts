import { AppError } from '@guildhall/errors';
import type { AccessRule, CallerName } from '@guildhall/contracts';
import {
  clientHeader,
  principalHeader,
  serviceHeader,
  type InternalVerifier,
  type Principal,
  type SignedClient,
} from '@guildhall/principal';
import { bearerToken, isSameSecret } from './credentials.ts';
import { atOnce } from './hook-at-once.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The access rule of the route. The process refuses to start without one. */
    access?: AccessRule;
  }
  interface FastifyRequest {
    principal: Principal | null;
    /** The client without a session whose request the gateway passes on; null where the rule wants none. */
    signedClient: SignedClient | null;
    /** The process that signed the service token of this request; null where the rule wants none. */
    callingService: CallerName | null;
  }
}

const scopeAccess = Symbol('access rule of a scope');

/**
 * Sets one access rule for every route that a third-party plugin registers in `scope`. Returns a function that stops doing so,
 * for a plugin that shares its scope with other routes.
 */
export const giveScopeAccess = (scope: FastifyInstance, access: AccessRule): (() => void) => {
  Object.assign(scope, { [scopeAccess]: access });
  return () => void Reflect.deleteProperty(scope, scopeAccess);
};

/** Makes the registration of a route without an access rule throw an Error that names it. Call before the first route. */
export const requireAccessRules = (app: FastifyInstance): void => {
  app.addHook('onRoute', function (this: FastifyInstance & { [scopeAccess]?: AccessRule }, route) {
    const access = route.config?.access ?? this[scopeAccess];
    if (access === undefined) throw new Error(`${String(route.method)} ${route.url} has no access rule: say who may call it.`);
    route.config = { ...route.config, access };
  });
};

/** Enforces the access rule of every route, by the internal tokens of @guildhall/principal. */
export const guardWithInternalTokens = (app: FastifyInstance, verifier: InternalVerifier): void => {
  app.decorateRequest('principal', null);
  app.decorateRequest('signedClient', null);
  app.decorateRequest('callingService', null);
  app.addHook('onRequest', async (request) => {
    const rule = request.routeOptions.config.access?.kind;
    if (rule === 'principal') request.principal = await verifier.verifyPrincipal(tokenOf(request, principalHeader));
    request.userId = request.principal?.userId ?? null;
    if (rule === 'anonymous') request.signedClient = await verifier.verifyClient(tokenOf(request, clientHeader));
    if (rule === 'service') request.callingService = await verifier.verifyService(tokenOf(request, serviceHeader));
    if (rule === 'gateway') await requireGateway(verifier, tokenOf(request, serviceHeader));
  });
};

export interface MetricsGuardParts {
  /** True if a request comes from this machine, with nothing in between. */
  readonly isLocal: (request: FastifyRequest) => boolean;
  /** The bearer token of a scraper on another machine; null: there is none. */
  readonly metricsToken: string | null;
}

/** Enforces the access rule `metrics`: for everyone but this machine and the scraper there is nothing. */
export const guardMetrics = (app: FastifyInstance, { isLocal, metricsToken }: MetricsGuardParts): void => {
  app.addHook(
    'onRequest',
    atOnce((request) => {
      if (request.routeOptions.config.access?.kind !== 'metrics' || isLocal(request)) return;
      if (!isSameSecret(bearerToken(request.headers.authorization), metricsToken))
        throw new AppError('NOT_FOUND', 'There is nothing at this address.');
    }),
  );
};

const requireGateway = async (verifier: InternalVerifier, token: string): Promise<void> => {
  if ((await verifier.verifyService(token)) !== 'gateway')
    throw new AppError('UNAUTHENTICATED', 'This address is for the gateway of this installation only.');
};

const tokenOf = (request: FastifyRequest, header: string): string => {
  const token = request.headers[header];
  if (typeof token !== 'string')
    throw new AppError('UNAUTHENTICATED', 'This address is for the services of this installation only.');
  return token;
};
