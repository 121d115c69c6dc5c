import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { AppError } from '@guildhall/errors';
import { principalHeader } from '@guildhall/principal';
import { problemCodeHeader, requestIdHeader } from '@guildhall/http';
import type { Dispatcher } from 'undici';
import type { HeldBody } from './buffered-body.ts';

/** One request on its way to a service. */
export interface Forwarded {
  readonly incoming: IncomingMessage;
  readonly held: HeldBody;
  readonly outgoing: ServerResponse;
  readonly requestId: string;
  /** Who connected to the gateway; what the client itself says of that is dropped. */
  readonly ip: string;
  /** The signed principal; undefined on public routes. */
  readonly principal: string | undefined;
  /** Headers of the gateway's own that every answer carries. */
  readonly ownHeaders: Readonly<Record<string, number | string | string[] | undefined>>;
  /** Given how to end an answer that has no end of its own, a stream of events; answers how to say that it is over. */
  readonly onEndless?: (end: () => void) => () => void;
  /** Told of a 503 by its code, before anything of it is passed back. */
  readonly onUnavailable?: (code: string) => void;
}

export interface ForwardLimits {
  /** How long a service may take until it begins to answer, and between two pieces of its answer. */
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  /** How long a client may leave an answer waiting before it is cut off: it holds a connection to the service. */
  readonly slowClientTimeoutMs: number;
}

export const forwardLimits: ForwardLimits = { headersTimeoutMs: 15_000, bodyTimeoutMs: 30_000, slowClientTimeoutMs: 30_000 };

/** What a service is told of a request; anything else, credentials above all, stays at the gateway. */
const passedOn = [
  'accept',
  'accept-language',
  'content-length',
  'content-type',
  'if-match',
  'if-none-match',
  'idempotency-key',
  'last-event-id',
  'traceparent',
  'tracestate',
  'user-agent',
] as const;
/** Belongs to one connection (RFC 9110, section 7.6.1), or is the gateway's to say. */
const notPassedBack = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  requestIdHeader,
  problemCodeHeader,
]);

/**
 * Passes a request to a service and its answer back, both as streams; resolves with the answer's status. Rejects with SERVICE_UNAVAILABLE when the
 * service cannot be reached or does not begin to answer; once it has begun, a break is passed on by breaking off.
 */
export const forward = (dispatcher: Dispatcher, request: Forwarded, limits = forwardLimits): Promise<number> =>
  new Promise((resolve, reject) => {
    const { incoming, outgoing } = request;
    const exchange = createExchange(request, limits, resolve, reject);
    outgoing.once('close', exchange.clientIsGone);
    dispatcher.dispatch(
      {
        path: targetOf(incoming),
        method: incoming.method ?? 'GET',
        headers: requestHeaders(request),
        body: bodyOf(request),
        headersTimeout: limits.headersTimeoutMs,
        bodyTimeout: limits.bodyTimeoutMs,
      },
      exchange.handler,
    );
  });

/** A target in absolute form (RFC 9112, section 3.2.2) without its origin, read as the router reads it. */
const targetOf = ({ url = '/' }: IncomingMessage): string => url.replace(/^https?:\/\/.*?\//, '/');

const bodyOf = ({ incoming, held: { bytes, isWhole } }: Forwarded): Readable | Buffer | null => {
  if (isWhole) return bytes.length === 0 ? null : bytes;
  return Readable.from(heldAndRest(bytes, incoming), { objectMode: false });
};

/** Who stops reading early leaves the client's connection open for the answer; the rest is discarded. */
async function* heldAndRest(held: Buffer, incoming: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    yield held;
    yield* incoming.iterator({ destroyOnReturn: false });
  } finally {
    incoming.resume();
  }
}

const createExchange = (
  { outgoing, ownHeaders, onUnavailable, onEndless }: Forwarded,
  { slowClientTimeoutMs }: ForwardLimits,
  resolve: (status: number) => void,
  reject: (error: unknown) => void,
) => {
  let controller: Dispatcher.DispatchController | undefined;
  let slowClient: NodeJS.Timeout | undefined;
  let isOver: (() => void) | undefined;
  const resume = (): void => {
    clearTimeout(slowClient);
    controller?.resume();
  };
  const end = (): void => {
    outgoing.end();
    controller?.abort(new Error('the gateway ended the stream'));
  };
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started;
      if (outgoing.destroyed) started.abort(new Error('the client is gone'));
    },
    onResponseStart(_started, status, headers) {
      // An interim answer (RFC 9110, section 15.2): the one that counts follows.
      if (status < 200) return;
      const code = headers[problemCodeHeader];
      if (status === 503 && typeof code === 'string') onUnavailable?.(code);
      outgoing.writeHead(status, { ...defined(ownHeaders), ...responseHeaders(headers) });
      outgoing.on('drain', resume);
      if (isEventStream(headers) && onEndless !== undefined) isOver = onEndless(end);
    },
    onResponseData(started, chunk) {
      if (outgoing.write(chunk)) return;
      started.pause();
      slowClient = setTimeout(() => void outgoing.destroy(), slowClientTimeoutMs);
    },
    onResponseEnd() {
      outgoing.end();
      resolve(outgoing.statusCode);
    },
    onResponseError(_started, error) {
      if (outgoing.headersSent || outgoing.destroyed) {
        if (!outgoing.writableEnded) outgoing.destroy();
        resolve(outgoing.statusCode);
      } else {
        reject(unavailable(error));
      }
    },
  };
  const clientIsGone = (): void => {
    clearTimeout(slowClient);
    isOver?.();
    if (!outgoing.writableFinished) controller?.abort(new Error('the client is gone'));
  };
  return { handler, clientIsGone };
};

const isEventStream = ({ 'content-type': type }: Record<string, string | string[] | undefined>): boolean =>
  typeof type === 'string' && type.startsWith('text/event-stream');

const unavailable = (cause: Error): AppError =>
  new AppError('SERVICE_UNAVAILABLE', 'The service behind this route does not answer right now.', {
    cause,
    retryAfterSeconds: 2,
  });

const requestHeaders = ({ incoming, requestId, ip, principal }: Forwarded): Record<string, string> => {
  const headers: Record<string, string> = { [requestIdHeader]: requestId, 'x-forwarded-for': ip };
  for (const name of passedOn) {
    const value = incoming.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  if (principal !== undefined) headers[principalHeader] = principal;
  return headers;
};

const responseHeaders = (headers: Record<string, string | string[] | undefined>): Record<string, string | string[]> =>
  defined(Object.fromEntries(Object.entries(headers).filter(([name]) => !notPassedBack.has(name))));

const defined = <T>(headers: Readonly<Record<string, T | undefined>>): Record<string, T> =>
  Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, T] => entry[1] !== undefined));
