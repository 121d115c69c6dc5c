import { atOnce } from '@guildhall/http';
import type { IpNetwork } from '@guildhall/resources';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { clientAddressOf } from '../core/admission/client-address.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The IP address of the client, behind the trusted proxies. The one address for limits, sessions and the audit trail. */
    clientAddress: string;
  }
}

/** The address that was found for the last request of a connection: the next one mostly has the same. */
interface FoundAddress {
  readonly forwardedFor: string | undefined;
  readonly address: string;
}

/** Sets `clientAddress` of every request before anything else reads it. */
export const addClientAddress = (app: FastifyInstance, trustedProxies: readonly IpNetwork[]): void => {
  app.decorateRequest('clientAddress', '');
  const known = new WeakMap<FastifyRequest['socket'], FoundAddress>();
  const addressOf = ({ socket, headers }: FastifyRequest): string => {
    const field = headers['x-forwarded-for'];
    const forwardedFor = typeof field === 'string' ? field : undefined;
    const found = known.get(socket);
    if (found !== undefined && found.forwardedFor === forwardedFor) return found.address;
    const address = clientAddressOf({ peer: socket.remoteAddress, forwardedFor }, trustedProxies);
    known.set(socket, { forwardedFor, address });
    return address;
  };
  app.addHook(
    'onRequest',
    atOnce((request) => {
      request.clientAddress = addressOf(request);
    }),
  );
};
