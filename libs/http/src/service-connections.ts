import type { Dispatcher } from 'undici';
import { Pool } from './undici-pool.ts';

export interface ServiceConnectionsParts {
  readonly baseUrl: string;
  /** The most connections that are kept, and the most that are opened for one request each. Further requests wait. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** The time after which a connection without a request is closed: shorter than a service keeps it. */
  readonly idleMs?: number;
}

/** The HTTP connections of a process to a service, whose replicas stand behind one name. */
export interface ServiceConnections {
  /**
   * Returns the dispatcher of a request. A service closes a kept connection whenever it stops, and a request that is just then sent is lost without
   * a byte of an answer. One that may be sent again goes on a kept connection and is sent up to twice more, on new ones, where that has happened
   * (RFC 9110, section 9.2.2; RFC 9112, section 9.3.1). Any other, and any whose body is a stream, goes on a new connection, which no service closes before it has answered.
   * A connection that cannot be opened is tried a second time, by another look-up of the name: nothing was sent on it.
   */
  dispatcherFor(mayBeSentAgain: boolean): Dispatcher;
  /** Waits for the requests under way. */
  close(): Promise<void>;
}

/** The codes of a connection that ended. */
const endedCodes: ReadonlySet<unknown> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);
/**
 * The codes of a request that was not begun, as no connection could be opened. A replica that stops refuses it; once its address is gone with it, nothing
 * answers there, or it cannot be reached; and who keeps the names of containers may be late with an answer while some of them start.
 */
const unopenedCodes: ReadonlySet<unknown> = new Set([
  ...endedCodes,
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'EAI_AGAIN',
  'ENOTFOUND',
]);
const noCodes: ReadonlySet<unknown> = new Set();
const idleMsDefault = 4_000;

export const connectToService = ({
  baseUrl,
  connections,
  connectTimeoutMs,
  idleMs = idleMsDefault,
}: ServiceConnectionsParts): ServiceConnections => {
  const parts = { connections, connect: { timeout: connectTimeoutMs } };
  const kept = new Pool(baseUrl, { ...parts, keepAliveTimeout: idleMs });
  // Without pipelining a connection has one request, and is closed after it.
  const single = new Pool(baseUrl, { ...parts, pipelining: 0 });
  const once = single.compose(sentAgainOn(single, noCodes));
  const again = kept.compose(sentAgainOn(single.compose(sentAgainOn(single, endedCodes)), endedCodes));
  return {
    dispatcherFor: (mayBeSentAgain) => (mayBeSentAgain ? again : once),
    close: async () => {
      await Promise.all([kept.close(), single.close()]);
    },
  };
};

/** Sends a request once more by `next` where the connection cannot be opened, or ends with one of these codes before an answer begins. */
const sentAgainOn =
  (next: Dispatcher, codes: ReadonlySet<unknown>): Dispatcher.DispatcherComposeInterceptor =>
  (dispatch) =>
  (options, handler) => {
    if (!isReplayable(options.body)) return dispatch(options, handler);
    let hasAnswer = false;
    // None for a request whose connection was not opened.
    let started: Dispatcher.DispatchController | undefined;
    return dispatch(options, {
      onRequestStart: (controller, context) => {
        started = controller;
        handler.onRequestStart?.(controller, context);
      },
      onResponseStart: (...answer) => {
        hasAnswer = true;
        handler.onResponseStart?.(...answer);
      },
      onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
      onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
      onResponseError: (controller, error) => {
        const mayBeSent = started === undefined ? unopenedCodes : codes;
        if (hasAnswer || started?.aborted === true || !mayBeSent.has(codeOf(error))) handler.onResponseError?.(controller, error);
        // In another turn: a pool forgets a connection that was refused after it has told those who wait for it.
        else setImmediate(() => void next.dispatch(options, handler));
      },
    });
  };

/** A stream is read once. */
const isReplayable = (body: unknown): boolean =>
  body === null || body === undefined || typeof body === 'string' || body instanceof Uint8Array;

const codeOf = (error: unknown): unknown => (Object(error) as { readonly code?: unknown }).code;
