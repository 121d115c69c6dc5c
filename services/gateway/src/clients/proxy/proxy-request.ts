import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, isAppError } from '@guildhall/errors';
import { actorLimits, type ServiceName } from '@guildhall/contracts';
import { requestIdHeader } from '@guildhall/http';
import { clientHeader, principalHeader, type Principal } from '@guildhall/principal';
import type { Dispatcher } from 'undici';
import type { Admitted, AdmittedRequest } from '../../core/admission/admit.ts';
import type { ExchangeBounds } from '../../core/admission/exchange-bounds.ts';
import type { EventStreams } from './event-streams.ts';
import { forward } from './forwarder.ts';
import { bufferBody } from './buffered-body.ts';
import type { CallerSigner } from './caller-signer.ts';

/** The parts of a fastify request that the proxy reads. */
export interface ProxiedRequest {
  readonly raw: IncomingMessage;
  readonly id: string;
  readonly clientAddress: string;
  readonly headers: IncomingMessage['headers'];
}

/** The parts of a fastify reply that the proxy writes to. */
export interface ProxiedReply {
  readonly raw: ServerResponse;
  getHeaders(): Record<string, number | string | string[] | undefined>;
}

export interface ProxyParts {
  readonly dispatchers: Readonly<Record<ServiceName, Dispatcher>>;
  readonly signer: CallerSigner;
  /** The concurrency limit per service: further requests are refused at once instead of queued. */
  readonly inFlightMax: number;
  /** The limit for requests whose body is streamed because it is too long to be buffered. */
  readonly uploadsMax: number;
  /** The registry of open event streams. */
  readonly eventStreams: Pick<EventStreams, 'add'>;
  /** Called if a service did not answer, or answered 503. */
  readonly onUnavailable: (service: ServiceName) => void;
  /** Notes that a request begins. The returned function is called with the code of a 503, before the answer is sent back. */
  readonly begin: (service: ServiceName) => (refusalCode: string) => void;
}

/** A body up to this length is buffered before it is forwarded. A longer one needs a signed-in user. */
const bufferedBytesMax = 64 * 1024;

/** A reverse proxy with a concurrency limit per service: forwards an admitted request with its signed principal. Returns the status. */
export const createProxy = (parts: ProxyParts) => {
  const { dispatchers, signer, inFlightMax, uploadsMax, eventStreams, onUnavailable, begin } = parts;
  const inFlight: Record<ServiceName, number> = { auth: 0, 'team-resources': 0, audit: 0 };
  const uploads: Record<ServiceName, number> = { auth: 0, 'team-resources': 0, audit: 0 };
  return async (
    service: ServiceName,
    request: ProxiedRequest,
    reply: ProxiedReply,
    admitted: AdmittedRequest,
    { bodyBytesMax, limit }: ExchangeBounds,
  ): Promise<number> => {
    const body = await bufferBody(request.raw, bufferedBytesMax);
    if (!body.isComplete && admitted.caller === null) throw tooLarge();
    const upload = body.isComplete ? 0 : 1;
    limit?.onBody(body.bytes.toString());
    if (inFlight[service] >= inFlightMax || uploads[service] + upload > uploadsMax) throw overloaded();
    inFlight[service] += 1;
    uploads[service] += upload;
    try {
      const signedCaller = await signedCallerOf(signer, service, request, admitted);
      const onRefused = begin(service);
      const status = await forward(dispatchers[service], {
        incoming: request.raw,
        body,
        bodyBytesMax,
        outgoing: reply.raw,
        requestId: request.id,
        signedCaller,
        ownHeaders: { ...reply.getHeaders(), [requestIdHeader]: request.id },
        onEventStream: (end) => eventStreams.add({ end, isStillAdmitted: admitted.isStillAdmitted }),
        onUnavailable: onRefused,
        ...(limit === undefined ? {} : { onStatus: limit.onStatus }),
      });
      if (status === 503) onUnavailable(service);
      return status;
    } catch (error) {
      if (!isAppError(error) || error.status === 503) onUnavailable(service);
      throw error;
    } finally {
      inFlight[service] -= 1;
      uploads[service] -= upload;
    }
  };
};

const tooLarge = (): AppError =>
  new AppError('TOO_LARGE', `The body is larger than ${bufferedBytesMax} bytes, the limit for callers who are not signed in.`);

const overloaded = (): AppError =>
  new AppError('SERVICE_UNAVAILABLE', 'The service behind this route is overloaded. Try again shortly.', {
    retryAfterSeconds: 1,
  });

/** The header by which a service knows who asks. It believes no other. */
const signedCallerOf = async (
  signer: CallerSigner,
  service: ServiceName,
  request: ProxiedRequest,
  admitted: Admitted,
): Promise<Record<string, string>> => {
  const principal = principalOf(request, admitted);
  return principal === undefined
    ? { [clientHeader]: await signer.signClient(request.clientAddress, service) }
    : { [principalHeader]: await signer.signPrincipal(principal, service) };
};

/** The principal that a service is sent; undefined on public routes. */
export const principalOf = (request: ProxiedRequest, { caller, communityPermissions }: Admitted): Principal | undefined => {
  if (caller === null) return undefined;
  const userAgent = request.headers['user-agent'];
  return {
    ...caller,
    permissions: [...caller.permissions, ...communityPermissions],
    ip: request.clientAddress,
    ...(userAgent === undefined ? {} : { userAgent: userAgent.slice(0, actorLimits.userAgentCharactersMax) }),
  };
};
