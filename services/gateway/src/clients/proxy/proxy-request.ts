import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '@guildhall/errors';
import { actorLimits, type ServiceName } from '@guildhall/contracts';
import { requestIdHeader } from '@guildhall/http';
import type { Principal } from '@guildhall/principal';
import type { Dispatcher } from 'undici';
import type { Admitted, Visitor } from '../../core/admission/admit.ts';
import type { EndlessStreams } from './event-streams.ts';
import { forward } from './forwarder.ts';
import { holdBody } from './buffered-body.ts';
import type { SignPrincipal } from './principal-signer.ts';

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
  /** Requests under way to one service at most; further ones are refused at once instead of waiting in a row. */
  readonly inFlightMax: number;
  /** Of those, bodies at most that are passed on while they come, because they are too long to be held. */
  readonly uploadsMax: number;
  /** The streams of events that are under way. */
  readonly endless: Pick<EndlessStreams, 'add'>;
  /** A service did not answer: worth a look at once. */
  readonly onUnavailable: (service: ServiceName) => void;
  /** A request to a service begins. The returned function is called with the code when it is refused, before its answer is passed back. */
  readonly begin: (service: ServiceName) => (refusalCode: string) => void;
}

/** A body up to this is held until it is whole. Whoever is not signed in sends no longer one. */
const heldBytesMax = 64 * 1024;

/** Passes an admitted request to a service, with who is calling, and the answer back; resolves with its status. */
export const createPass = (parts: PassParts) => {
  const { dispatchers, signPrincipal, inFlightMax, uploadsMax, endless, onUnavailable, begin } = parts;
  const inFlight: Record<ServiceName, number> = { auth: 0, 'team-resources': 0, audit: 0 };
  const uploads: Record<ServiceName, number> = { auth: 0, 'team-resources': 0, audit: 0 };
  return async (service: ServiceName, request: PassedRequest, reply: PassedReply, visitor: Visitor): Promise<number> => {
    const held = await holdBody(request.raw, heldBytesMax);
    if (!held.isWhole && visitor.caller === null) throw tooLarge();
    const upload = held.isWhole ? 0 : 1;
    if (inFlight[service] >= inFlightMax || uploads[service] + upload > uploadsMax) throw overloaded();
    inFlight[service] += 1;
    uploads[service] += upload;
    try {
      const principal = principalOf(request, visitor);
      const token = principal === undefined ? undefined : await signPrincipal(principal, service);
      const onRefused = begin(service);
      const status = await forward(dispatchers[service], {
        incoming: request.raw,
        held,
        outgoing: reply.raw,
        requestId: request.id,
        ip: request.ip,
        principal: token,
        ownHeaders: { ...reply.getHeaders(), [requestIdHeader]: request.id },
        onEndless: (end) => endless.add({ end, isStillAdmitted: visitor.isStillAdmitted }),
        onUnavailable: onRefused,
      });
      if (status === 503) onUnavailable(service);
      return status;
    } catch (error) {
      onUnavailable(service);
      throw error;
    } finally {
      inFlight[service] -= 1;
      uploads[service] -= upload;
    }
  };
};

const tooLarge = (): AppError =>
  new AppError('TOO_LARGE', `The body is larger than ${heldBytesMax} bytes, the most without being signed in.`);

const overloaded = (): AppError =>
  new AppError('SERVICE_UNAVAILABLE', 'The service behind this route has more to do than it can. Try again shortly.', {
    retryAfterSeconds: 1,
  });

/** Who is calling, as a service is told. */
export const principalOf = (request: PassedRequest, { caller, communityPermissions }: Admitted): Principal | undefined => {
  if (caller === null) return undefined;
  const userAgent = request.headers['user-agent'];
  return {
    ...caller,
    permissions: [...caller.permissions, ...communityPermissions],
    ip: request.ip,
    ...(userAgent === undefined ? {} : { userAgent: userAgent.slice(0, actorLimits.userAgentCharactersMax) }),
  };
};
