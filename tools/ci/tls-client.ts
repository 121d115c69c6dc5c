import { once } from 'node:events';
import { Agent, request, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';

export interface TlsAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>>;
}

export interface TlsRequest {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client of a TLS server on this machine, from an address of its own (127.0.0.0/8), which takes gzip. */
export interface TlsClient {
  send(path: string, request?: TlsRequest): Promise<TlsAnswer>;
  /** The connections that were opened so far. */
  connections(): number;
  close(): void;
}

const textOf = async (response: IncomingMessage): Promise<string> => {
  const bytes = Buffer.concat(await response.toArray());
  return (response.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
};

export const createTlsClient = (port: number, certificate: string, localAddress: string): TlsClient => {
  const agent = new Agent({ keepAlive: true, ca: certificate, localAddress, maxSockets: 1 });
  const sockets = new Set<unknown>();
  return {
    async send(path, { method = 'GET', body, headers = {} } = {}) {
      const options: RequestOptions = {
        agent,
        host: '127.0.0.1',
        port,
        path,
        method,
        headers: {
          'accept-encoding': 'gzip',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
      };
      const sent = request(options);
      sent.on('socket', (socket) => sockets.add(socket));
      sent.end(body === undefined ? undefined : JSON.stringify(body));
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      const text = await textOf(response);
      const isJson = /json/.test(response.headers['content-type'] ?? '');
      return {
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {},
      };
    },
    connections: () => sockets.size,
    close: () => agent.destroy(),
  };
};
