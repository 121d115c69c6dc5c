import { timingSafeEqual } from 'node:crypto';
import { AppError } from '@guildhall/errors';
import { isInNetworks, type IpNetwork } from '@guildhall/resources';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLocalCaller } from '../core/admission/local-caller.ts';
import { bearerToken } from './admission-request.ts';

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
    return isSame(given, localToken) ? 'right' : 'wrong';
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
  app.addHook('onRequest', async (request) => {
    const { access } = request.routeOptions.config;
    if (access?.kind === 'solo' && !isLocal(request)) {
      throw new AppError(
        'FORBIDDEN',
        'Solo workspaces can be used on this machine only. On another one, use a shared workspace.',
      );
    }
    if (access?.kind === 'metrics' && !isLocal(request) && !isSame(bearerToken(request.headers.authorization), metricsToken)) {
      throw new AppError('NOT_FOUND', 'There is nothing at this address.');
    }
  });
};

const isSame = (given: unknown, expected: string | null): boolean => {
  if (expected === null || typeof given !== 'string') return false;
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
};
