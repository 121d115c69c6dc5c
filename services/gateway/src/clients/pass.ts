import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServiceName } from '@guildhall/contracts';
import { requestIdHeader } from '@guildhall/http';
import type { Principal } from '@guildhall/principal';
import type { Dispatcher } from 'undici';
import type { Admitted } from '../core/admission.ts';
import { forward } from './forwarder.ts';
import type { SignPrincipal } from './principals.ts';

/** What of a request is passed on: fastify's request fits. */
export interface PassedRequest {
  readonly raw: IncomingMessage;
  readonly id: string;
  readonly ip: string;
  readonly headers: IncomingMessage['headers'];
}

/** Where the answer goes: fastify's reply fits. */
export interface PassedReply {
  readonly raw: ServerResponse;
  getHeaders(): Record<string, number | string | string[] | undefined>;
}

export interface PassParts {
  readonly dispatchers: Readonly<Record<ServiceName, Dispatcher>>;
  readonly signPrincipal: SignPrincipal;
  /** A service did not answer: worth a look at once. */
  readonly onUnavailable: (service: ServiceName) => void;
}

/** Passes an admitted request to a service, with who is calling, and the answer back; resolves with its status. */
export const createPass =
  ({ dispatchers, signPrincipal, onUnavailable }: PassParts) =>
  async (service: ServiceName, request: PassedRequest, reply: PassedReply, admitted: Admitted): Promise<number> => {
    const principal = principalOf(request, admitted);
    const token = principal === undefined ? undefined : await signPrincipal(principal, service);
    try {
      const status = await forward(dispatchers[service], {
        incoming: request.raw,
        outgoing: reply.raw,
        requestId: request.id,
        ip: request.ip,
        principal: token,
        ownHeaders: { ...reply.getHeaders(), [requestIdHeader]: request.id },
      });
      if (status === 503) onUnavailable(service);
      return status;
    } catch (error) {
      onUnavailable(service);
      throw error;
    }
  };

const userAgentCharactersMax = 512;

/** Who is calling, as a service is told. */
export const principalOf = (request: PassedRequest, { caller, communityPermissions }: Admitted): Principal | undefined => {
  if (caller === null) return undefined;
  const userAgent = request.headers['user-agent'];
  return {
    ...caller,
    permissions: [...caller.permissions, ...communityPermissions],
    ip: request.ip,
    ...(userAgent === undefined ? {} : { userAgent: userAgent.slice(0, userAgentCharactersMax) }),
  };
};
