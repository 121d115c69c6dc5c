import type { IpNetwork } from '@guildhall/resources';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { clientAddressOf } from '../core/admission/client-address.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The IP address of the client, behind the trusted proxies. The one address for limits, sessions and the audit trail. */
    clientAddress: string;
  }
}

/** Sets `clientAddress` of every request before anything else reads it. */
export const addClientAddress = (app: FastifyInstance, trustedProxies: readonly IpNetwork[]): void => {
  app.decorateRequest('clientAddress', '');
  app.addHook('onRequest', async (request: FastifyRequest) => {
    const forwardedFor = request.headers['x-forwarded-for'];
    request.clientAddress = clientAddressOf(
      { peer: request.socket.remoteAddress, forwardedFor: typeof forwardedFor === 'string' ? forwardedFor : undefined },
      trustedProxies,
    );
  });
};
