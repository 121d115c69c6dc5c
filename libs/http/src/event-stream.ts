/** The headers of a stream of server-sent events (HTML Living Standard, section 9.2). */
export const eventStreamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Some proxies buffer an answer unless they are told not to.
  'x-accel-buffering': 'no',
} as const;

/** One server-sent event. Every field is optional; `retry` is in milliseconds. */
export interface ServerSentEvent {
  readonly event?: string;
  readonly id?: number | string | undefined;
  readonly data?: unknown;
  readonly retry?: number;
}

/**
 * The text of one event, its fields in the order given, `data` as one line of JSON. An event without data is not delivered: it sets
 * `id` and `retry`.
 */
export const formatEvent = (event: ServerSentEvent): string =>
  [
    ...Object.entries(event).map(([field, value]) =>
      line(field, field === 'data' ? JSON.stringify(value) : (value as number | string | undefined)),
    ),
    '\n',
  ].join('');

/** A comment, which clients ignore: sent as a heartbeat, so that proxies keep a silent connection open. */
export const formatHeartbeat = (id?: number): string => `: still here\n${line('id', id)}\n`;

const line = (field: string, value: number | string | undefined): string => (value === undefined ? '' : `${field}: ${value}\n`);
