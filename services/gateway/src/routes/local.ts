import { AppError } from '@guildhall/errors';
import { atOnce, guardMetrics, isSameSecret } from '@guildhall/http';
import { isInNetworks, isLocalCaller, type IpNetwork } from '@guildhall/resources';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** The header that carries the token of this machine's local token file. */
const localTokenHeader = 'x-guildhall-local-token';

/** True if a request comes from this machine's user. */
export type IsLocal = (request: FastifyRequest) => boolean;

/** True if a request carries this machine's local token. */
export type ReadLocalToken = (request: FastifyRequest) => 'right' | 'wrong' | 'none';

export const createReadLocalToken =
  (localToken: string): ReadLocalToken =>
  ({ headers }) => {
    const given = headers[localTokenHeader];
    if (given === undefined) return 'none';
    return isSameSecret(given, localToken) ? 'right' : 'wrong';
  };

/**
 * Tells requests that come from this machine, with nothing in between, from others. One from a trusted proxy never does, whether
 * or not the proxy says for whom it asks.
 */
export const createIsThisMachine =
  (trustedProxies: readonly IpNetwork[]): IsLocal =>
  (request) =>
    !isInNetworks(request.socket.remoteAddress ?? '', trustedProxies) &&
    isLocalCaller({ address: request.clientAddress, headers: request.headers });

interface LocalRouteParts {
  readonly isLocal: IsLocal;
  readonly isThisMachine: IsLocal;
  readonly metricsToken: string | null;
}

/** Enforces the access rules `solo` and `metrics`, and the first half of `solo-and-authenticated`. */
export const guardLocalRoutes = (app: FastifyInstance, { isLocal, isThisMachine, metricsToken }: LocalRouteParts): void => {
  guardMetrics(app, { isLocal: isThisMachine, metricsToken });
  app.addHook(
    'onRequest',
    atOnce((request) => {
      const { access } = request.routeOptions.config;
      if ((access?.kind === 'solo' || access?.kind === 'solo-and-authenticated') && !isLocal(request)) {
        throw new AppError(
          'FORBIDDEN',
          "Solo workspaces are for this machine's user: send the local token, the content of the gateway's LOCAL_TOKEN_FILE, as x-guildhall-local-token. For others there are shared workspaces.",
        );
      }
    }),
  );
};
