import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { AppError, isAppError } from '@guildhall/errors';
import { originFormOf, problemCodeHeader, requestIdHeader, traceparentHeader } from '@guildhall/http';
import type { Dispatcher } from 'undici';
import { bodyTooLarge } from '../../core/admission/exchange-bounds.ts';
import type { BufferedBody } from './buffered-body.ts';
import { holdEarlyAnswer } from './early-answer.ts';

/** One request to forward to a service. */
export interface ForwardedRequest {
  readonly incoming: IncomingMessage;
  readonly body: BufferedBody;
  /** The most bytes of a body that are forwarded: a longer one rejects with TOO_LARGE. */
  readonly bodyBytesMax: number;
  readonly outgoing: ServerResponse;
  readonly requestId: string;
  /** Request headers beside those that are forwarded, among them the one by which a service knows who asks. */
  readonly addedHeaders: Readonly<Record<string, string>>;
  /** Response headers that the gateway sets on every answer. */
  readonly ownHeaders: Readonly<Record<string, number | string | string[] | undefined>>;
  /** Registers an open event stream; `end` closes it. Returns a function that unregisters the stream. */
  readonly onEventStream?: (end: () => void) => () => void;
  /** Called with the status of the answer, before it is sent back. What it throws is the answer instead. */
  readonly onStatus?: (status: number) => void;
  /** Called with the code of a 503, before the answer is sent back. */
  readonly onUnavailable?: (code: string) => void;
  /** The trace that the service continues, in place of the one that the client named. */
  readonly traceparent?: string | undefined;
}

export interface ForwardLimits {
  /** How long a service may take to begin its answer, and between two chunks of it. */
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  /** How long a client may leave an answer unread before it is disconnected: it occupies a connection to the service. */
  readonly slowClientTimeoutMs: number;
}

export const forwardLimits: ForwardLimits = { headersTimeoutMs: 15_000, bodyTimeoutMs: 30_000, slowClientTimeoutMs: 30_000 };

/** The allow-list of request headers that are forwarded. All others stay at the gateway, credentials above all. */
const forwardedHeaders = [
  'accept',
  'accept-encoding',
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
/** Hop-by-hop headers (RFC 9110, section 7.6.1), and headers that the gateway sets itself. */
const droppedResponseHeaders = new Set([
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
 * Forwards a request to a service and streams its answer back; resolves with the answer's status. Rejects with
 * SERVICE_UNAVAILABLE if the service cannot be reached or does not begin to answer. If the service breaks off later, the
 * client's connection is broken off too.
 */
export const forward = (dispatcher: Dispatcher, request: ForwardedRequest, limits = forwardLimits): Promise<number> =>
  new Promise((resolve, reject) => {
    const { incoming, outgoing } = request;
    const exchange = createExchange(request, limits, resolve, reject);
    const handler = holdEarlyAnswer(exchange.handler, request);
    outgoing.once('close', exchange.onClientClose);
    dispatcher.dispatch(
      {
        path: originFormOf(incoming.url ?? '/'),
        method: incoming.method ?? 'GET',
        headers: requestHeaders(request),
        body: bodyOf(request),
        headersTimeout: limits.headersTimeoutMs,
        bodyTimeout: limits.bodyTimeoutMs,
      },
      request.onStatus === undefined ? handler : replaceable(handler, request.onStatus, reject),
    );
  });

const bodyOf = ({ incoming, body: { bytes, isComplete }, bodyBytesMax }: ForwardedRequest): Readable | Buffer | null => {
  if (isComplete) return bytes.length === 0 ? null : bytes;
  return Readable.from(bufferedAndRest(bytes, incoming, bodyBytesMax), { objectMode: false });
};

/** If the service stops reading early, the rest is discarded and the client's connection stays open for the answer. Throws TOO_LARGE. */
async function* bufferedAndRest(buffered: Buffer, incoming: IncomingMessage, bytesMax: number): AsyncGenerator<Buffer> {
  let bytes = buffered.length;
  try {
    yield buffered;
    for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes > bytesMax) throw bodyTooLarge(bytesMax);
      yield chunk as Buffer;
    }
  } finally {
    incoming.resume();
  }
}

const createExchange = (
  { outgoing, ownHeaders, onUnavailable, onEventStream }: ForwardedRequest,
  { slowClientTimeoutMs }: ForwardLimits,
  resolve: (status: number) => void,
  reject: (error: unknown) => void,
) => {
  let controller: Dispatcher.DispatchController | undefined;
  let slowClient: NodeJS.Timeout | undefined;
  let unregister: (() => void) | undefined;
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
      if (outgoing.destroyed) started.abort(new Error('the client disconnected'));
    },
    onResponseStart(_started, status, headers) {
      // An interim response (RFC 9110, section 15.2): the final one follows.
      if (status < 200) return;
      const code = headers[problemCodeHeader];
      if (status === 503 && typeof code === 'string') onUnavailable?.(code);
      outgoing.writeHead(status, responseHeaders(headers, ownHeaders));
      outgoing.on('drain', resume);
      if (isEventStream(headers) && onEventStream !== undefined) unregister = onEventStream(end);
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
        reject(isAppError(error) ? error : unavailable(error));
      }
    },
  };
  const onClientClose = (): void => {
    clearTimeout(slowClient);
    unregister?.();
    if (!outgoing.writableFinished) controller?.abort(new Error('the client disconnected'));
  };
  return { handler, onClientClose };
};

/** Drops an answer that `onStatus` refuses, after it was read to its end: the connection to the service stays good. */
const replaceable = (
  handler: Dispatcher.DispatchHandler,
  onStatus: (status: number) => void,
  reject: (error: unknown) => void,
): Dispatcher.DispatchHandler => {
  let refusal: { readonly error: unknown } | undefined;
  return {
    ...handler,
    onResponseStart(controller, status, headers) {
      try {
        if (status >= 200) onStatus(status);
      } catch (error) {
        refusal = { error };
        return;
      }
      handler.onResponseStart?.(controller, status, headers);
    },
    onResponseData(controller, chunk) {
      if (refusal === undefined) handler.onResponseData?.(controller, chunk);
    },
    onResponseEnd(controller, trailers) {
      if (refusal === undefined) handler.onResponseEnd?.(controller, trailers);
      else reject(refusal.error);
    },
  };
};

const isEventStream = ({ 'content-type': type }: Record<string, string | string[] | undefined>): boolean =>
  typeof type === 'string' && type.startsWith('text/event-stream');

/** SERVICE_UNAVAILABLE: the service gave no answer. Whether it did what was asked is not known. */
export const unavailable = (cause: Error): AppError =>
  new AppError('SERVICE_UNAVAILABLE', 'The service behind this route does not answer right now.', {
    cause,
    retryAfterSeconds: 2,
  });

const requestHeaders = ({ incoming, requestId, addedHeaders, traceparent }: ForwardedRequest): Record<string, string> => {
  const headers: Record<string, string> = { [requestIdHeader]: requestId, ...addedHeaders };
  for (const name of forwardedHeaders) {
    const value = incoming.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  if (traceparent !== undefined) headers[traceparentHeader] = traceparent;
  return headers;
};

type Fields = Readonly<Record<string, number | string | string[] | undefined>>;

/** The fields that the client gets: those of this process, and over them those of a service's answer. */
export const responseHeaders = (headers: Fields, ownHeaders: Fields): Record<string, number | string | string[]> => {
  const fields: Record<string, number | string | string[]> = {};
  for (const name in ownHeaders) {
    const value = ownHeaders[name];
    if (value !== undefined) fields[name] = value;
  }
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !droppedResponseHeaders.has(name)) fields[name] = value;
  }
  return fields;
};
