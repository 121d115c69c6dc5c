import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, isAppError } from '@guildhall/errors';
import { actorLimits, type RouteContract, type ServiceName } from '@guildhall/contracts';
import { requestIdAttribute, requestIdHeader, setStatus, type ServiceConnections } from '@guildhall/http';
import { clientHeader, principalHeader, type Principal } from '@guildhall/principal';
import type { LaneClient } from '@guildhall/lane';
import { createSlots, networkOf, omitUndefined, type Slots } from '@guildhall/resources';
import { traced } from '@guildhall/tracing';
import type { Dispatcher } from 'undici';
import type { Admitted, AdmittedRequest } from '../../core/admission/admit.ts';
import type { ExchangeBounds } from '../../core/admission/exchange-bounds.ts';
import type { EventStreams } from './event-streams.ts';
import { forward, type ForwardedRequest } from './forwarder.ts';
import { forwardByLane, laneCallOf, mayBeSentAgain } from './lane-exchange.ts';
import { bufferBody } from './buffered-body.ts';
import type { CallerSigner } from './caller-signer.ts';

/** The parts of a fastify request that the proxy reads. */
export interface ProxiedRequest {
  readonly raw: IncomingMessage;
  readonly id: string;
  readonly clientAddress: string;
  readonly headers: IncomingMessage['headers'];
  readonly params: unknown;
  readonly query: unknown;
}

/** The parts of a fastify reply that the proxy writes to. */
export interface ProxiedReply {
  readonly raw: ServerResponse;
  getHeaders(): Record<string, number | string | string[] | undefined>;
}

/** The concurrency limits per service: further requests are refused at once instead of queued. */
export interface ProxyLimits {
  readonly inFlightMax: number;
  /** The share of one user, or of one network where nobody is signed in. */
  readonly inFlightPerCallerMax: number;
  /** The limit for requests whose body is streamed because it is too long to be buffered. */
  readonly uploadsMax: number;
  readonly uploadsPerUserMax: number;
}

export interface ProxyParts {
  readonly connections: Readonly<Record<ServiceName, Pick<ServiceConnections, 'dispatcherFor'>>>;
  /** The lanes by which short requests go; HTTP is for all others. */
  readonly lanes: Readonly<Partial<Record<ServiceName, LaneClient>>>;
  /** Called for each short request that goes by HTTP because its lane does not carry it. */
  readonly onFallback: (service: ServiceName) => void;
  readonly signer: CallerSigner;
  readonly limits: ProxyLimits;
  /** The registry of open event streams. */
  readonly eventStreams: Pick<EventStreams, 'add'>;
  /** Called if a service did not answer, or answered 503. */
  readonly onUnavailable: (service: ServiceName) => void;
  /** Called if a service has answered a request. */
  readonly onAnswered: (service: ServiceName) => void;
  /** Notes that a request begins. The returned function is called with the code of a 503, before the answer is sent back. */
  readonly begin: (service: ServiceName) => (refusalCode: string) => void;
}

/** A body up to this length is buffered before it is forwarded. A longer one needs a signed-in user. */
const bufferedBytesMax = 64 * 1024;

const retryAfterSeconds = 1;
const overloaded = (): string => 'The service behind this route is overloaded. Try again shortly.';

/** The slots of the requests to one service, and those of its streamed uploads. */
const createServiceSlots = (limits: ProxyLimits): { readonly requests: Slots; readonly uploads: Slots } => ({
  requests: createSlots({
    slotsMax: limits.inFlightMax,
    slotsPerHolderMax: limits.inFlightPerCallerMax,
    allTaken: overloaded,
    shareTaken: (slots) => `You have ${slots} requests under way, as many as one caller may. Wait until one of them is answered.`,
    retryAfterSeconds,
  }),
  uploads: createSlots({
    slotsMax: limits.uploadsMax,
    slotsPerHolderMax: limits.uploadsPerUserMax,
    allTaken: overloaded,
    shareTaken: (slots) => `You have ${slots} uploads under way, as many as one user may. Wait until one of them ends.`,
    retryAfterSeconds,
  }),
});

type ServiceSlots = ReturnType<typeof createServiceSlots>;

/** Takes the slots that a request needs. Returns a function that releases them. Throws RATE_LIMITED or SERVICE_UNAVAILABLE. */
const takeSlots = ({ requests, uploads }: ServiceSlots, holder: string, isUpload: boolean): (() => void) => {
  const releaseUpload = isUpload ? uploads.take({ id: holder }) : () => {};
  try {
    const releaseRequest = requests.take({ id: holder });
    return () => {
      releaseRequest();
      releaseUpload();
    };
  } catch (error) {
    releaseUpload();
    throw error;
  }
};

/** A reverse proxy with concurrency limits per service: forwards an admitted request with its signed principal. Returns the status. */
export const createProxy = (parts: ProxyParts) => {
  const { connections, lanes, onFallback, signer, eventStreams, onUnavailable, onAnswered, begin } = parts;
  const slots: Record<ServiceName, ServiceSlots> = {
    auth: createServiceSlots(parts.limits),
    'team-resources': createServiceSlots(parts.limits),
    audit: createServiceSlots(parts.limits),
  };
  return async (
    service: ServiceName,
    request: ProxiedRequest,
    reply: ProxiedReply,
    admitted: AdmittedRequest,
    { contract, bodyBytesMax, limit, ownHeaders = {} }: ExchangeBounds,
  ): Promise<number> => {
    const body = await bufferBody(request.raw, bufferedBytesMax);
    if (!body.isComplete && admitted.caller === null) throw tooLarge();
    limit?.onBody(body.bytes.toString());
    const holder = admitted.caller?.userId ?? networkOf(request.clientAddress);
    const release = takeSlots(slots[service], holder, !body.isComplete);
    try {
      const onRefused = begin(service);
      const exchange: Omit<ForwardedRequest, 'addedHeaders'> = {
        incoming: request.raw,
        body,
        bodyBytesMax,
        outgoing: reply.raw,
        requestId: request.id,
        ownHeaders: { ...reply.getHeaders(), [requestIdHeader]: request.id },
        onEventStream: (end) => eventStreams.add({ end, isStillAdmitted: admitted.isStillAdmitted }),
        onUnavailable: onRefused,
        ...omitUndefined({ onStatus: limit?.onStatus }),
      };
      const call = laneCallOf(contract, request, body, bodyBytesMax, principalOf(request, admitted));
      const byHttp = async (): Promise<number> => {
        if (call !== undefined && lanes[service] !== undefined) onFallback(service);
        const ownKey = ownKeyOf(contract, request, body.isComplete);
        const addedHeaders = { ...ownHeaders, ...ownKey, ...(await signedCallerOf(signer, service, request, admitted)) };
        const isRepeatable = body.isComplete && (ownKey !== undefined || mayBeSentAgain(contract, request));
        const dispatcher = connections[service].dispatcherFor(isRepeatable);
        return await forwardTraced(dispatcher, service, { ...exchange, addedHeaders });
      };
      const status = (await forwardByLane(lanes[service], contract, call, exchange)) ?? (await byHttp());
      if (status === 503) onUnavailable(service);
      else onAnswered(service);
      return status;
    } catch (error) {
      if (!isAppError(error) || error.status === 503) onUnavailable(service);
      throw error;
    } finally {
      release();
    }
  };
};

/**
 * An Idempotency-Key for a create that came without one, so that it may be sent again where its connection breaks: a service that stops resets
 * the connections that it has not accepted yet. Undefined for a body that is streamed, and so read once.
 */
const ownKeyOf = ({ isIdempotentCreate = false }: RouteContract, { headers }: ProxiedRequest, isWholeBody: boolean) =>
  isIdempotentCreate && isWholeBody && headers['idempotency-key'] === undefined ? { 'idempotency-key': randomUUID() } : undefined;

const forwardTraced = (dispatcher: Dispatcher, service: ServiceName, request: ForwardedRequest): Promise<number> => {
  const method = request.incoming.method ?? 'GET';
  const attributes = { 'http.request.method': method, 'server.address': service, [requestIdAttribute]: request.requestId };
  return traced(
    () => ({ name: `${method} ${service}`, kind: 'client', attributes }),
    async (span) => {
      const status = await forward(dispatcher, { ...request, traceparent: span?.traceparent });
      if (span !== undefined) setStatus(span, status);
      return status;
    },
  );
};

const tooLarge = (): AppError =>
  new AppError('TOO_LARGE', `The body is larger than ${bufferedBytesMax} bytes, the limit for callers who are not signed in.`);

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
  const { tokenPermissions, ...user } = caller;
  return {
    ...user,
    ...(tokenPermissions === undefined ? {} : { isToken: true as const }),
    permissions: [...caller.permissions, ...communityPermissions],
    ip: request.clientAddress,
    ...omitUndefined({ userAgent: userAgent?.slice(0, actorLimits.userAgentCharactersMax) }),
  };
};
