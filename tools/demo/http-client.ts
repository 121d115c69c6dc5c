import { randomUUID } from 'node:crypto';

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: Record<string, unknown> | undefined;
  readonly requestId: string;
}

export interface Received {
  readonly status: number;
  readonly etag: string | null;
  readonly body: Record<string, unknown>;
}

export interface RequestOptions {
  readonly token?: string | undefined;
  readonly body?: Record<string, unknown>;
  readonly ifMatch?: string;
  /** Leaves the request out of `onExchange`, for polling. */
  readonly isQuiet?: boolean;
}

export interface HttpClient {
  send(method: string, path: string, options?: RequestOptions): Promise<Received & { readonly requestId: string }>;
}

const timeoutMs = 15_000;

/**
 * A JSON client of the gateway that passes each request and its response to `onExchange`. With the local token it is this
 * machine's user.
 */
export const createHttpClient = (
  baseUrl: string,
  onExchange: (sent: Sent, received: Received) => void,
  localToken?: string,
): HttpClient => ({
  async send(method, path, { token, body, ifMatch, isQuiet = false } = {}) {
    const requestId = `demo-${randomUUID()}`;
    const headers: Record<string, string> = { 'x-request-id': requestId };
    if (localToken !== undefined) headers['x-guildhall-local-token'] = localToken;
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
    if (ifMatch !== undefined) headers['if-match'] = ifMatch;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    const received = {
      status: response.status,
      etag: response.headers.get('etag'),
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
    if (!isQuiet) onExchange({ method, path, body, requestId }, received);
    return { ...received, requestId };
  },
});
