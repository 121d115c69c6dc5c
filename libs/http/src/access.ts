import { AppError } from '@guildhall/errors';
import { principalHeader, serviceHeader, type InternalVerifier, type Principal } from '@guildhall/principal';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/**
 * Who may call a route of a service behind the gateway: anyone who reaches it (`public`: the gateway decided alone),
 * a principal that the gateway signed, another service of the installation, or the gateway alone.
 */
export type AccessRule = 'public' | 'principal' | 'service' | 'gateway';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call. Every route has one, or the process refuses to start. */
    access?: unknown;
  }
  interface FastifyRequest {
    principal: Principal | null;
  }
}

const scopeAccess = Symbol('access rule of a scope');

/**
 * Gives every route that a plugin registers in `scope` one rule: for plugins of others, which know nothing of ours.
 * What it returns ends that, for a plugin that registers in a scope which other routes share.
 */
export const giveScopeAccess = (scope: FastifyInstance, access: unknown): (() => void) => {
  Object.assign(scope, { [scopeAccess]: access });
  return () => void Reflect.deleteProperty(scope, scopeAccess);
};

/** From here on, registering a route without an access rule throws, naming it. Call before the first route. */
export const requireAccessRules = (app: FastifyInstance): void => {
  app.addHook('onRoute', function (this: FastifyInstance & { [scopeAccess]?: unknown }, route) {
    const access = route.config?.access ?? this[scopeAccess];
    if (access === undefined) throw new Error(`${String(route.method)} ${route.url} has no access rule: say who may call it.`);
    route.config = { ...route.config, access };
  });
};

/** Holds every request to its route's rule, by the internal tokens of @guildhall/principal. */
export const guardWithInternalTokens = (app: FastifyInstance, verifier: InternalVerifier): void => {
  app.decorateRequest('principal', null);
  app.addHook('onRequest', async (request) => {
    const rule = request.routeOptions.config.access as AccessRule | undefined;
    if (rule === 'principal') request.principal = await verifier.verifyPrincipal(tokenOf(request, principalHeader));
    if (rule === 'service') await verifier.verifyService(tokenOf(request, serviceHeader));
    if (rule === 'gateway') await mustBeGateway(verifier, tokenOf(request, serviceHeader));
  });
};

const mustBeGateway = async (verifier: InternalVerifier, token: string): Promise<void> => {
  if ((await verifier.verifyService(token)) !== 'gateway')
    throw new AppError('UNAUTHENTICATED', 'This address answers only the gateway of this installation.');
};

const tokenOf = (request: FastifyRequest, header: string): string => {
  const token = request.headers[header];
  if (typeof token !== 'string')
    throw new AppError('UNAUTHENTICATED', 'This address answers only the services of this installation.');
  return token;
};
