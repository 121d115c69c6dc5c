import { AppError } from '@guildhall/errors';
import { guardMetrics, isSameSecret } from '@guildhall/http';
import { isInNetworks, isLocalCaller, type IpNetwork } from '@guildhall/resources';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** The header that carries the token of this machine's local token file. */
const localTokenHeader = 'x-guildhall-local-token';

/** True if a request comes from this machine's user: directly, or with the local token. */
export type IsLocal = (request: FastifyRequest) => boolean;

/** True if a request carries this machine's local token. */
export type ReadLocalToken = (request: FastifyRequest) => 'right' | 'wrong' | 'none';

export const createReadLocalToken =
  (localToken: string | null): ReadLocalToken =>
  ({ headers }) => {
    const given = headers[localTokenHeader];
    if (given === undefined) return 'none';
    return isSameSecret(given, localToken) ? 'right' : 'wrong';
  };

/**
 * Tells local requests from others. A request from a trusted proxy is never local without the token, whether or not the proxy
 * says for whom it asks.
 */
export const createIsLocal =
  (readLocalToken: ReadLocalToken, trustedProxies: readonly IpNetwork[]): IsLocal =>
  (request) =>
    (!isInNetworks(request.socket.remoteAddress ?? '', trustedProxies) &&
      isLocalCaller({ address: request.clientAddress, headers: request.headers })) ||
    readLocalToken(request) === 'right';

/** Enforces the access rules `solo` and `metrics`. */
export const guardLocalRoutes = (app: FastifyInstance, isLocal: IsLocal, metricsToken: string | null): void => {
  guardMetrics(app, { isLocal, metricsToken });
  app.addHook('onRequest', async (request) => {
    const { access } = request.routeOptions.config;
    if (access?.kind === 'solo' && !isLocal(request)) {
      throw new AppError(
        'FORBIDDEN',
        'Solo workspaces can be used on this machine only. On another one, use a shared workspace.',
      );
    }
  });
};
