import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real HTTP server on loopback that stands in for a service. */
export interface StandIn {
  readonly url: string;
  /** Every request that was read to its end, in order. */
  readonly seen: Seen[];
  /** Connections accepted since the start. */
  connections(): number;
  /** Stops listening and cuts every connection: from then on it refuses, as a process that died. */
  stop(): Promise<void>;
  /** Listens again, where it did before. */
  restart(): Promise<void>;
}

export type StandInAnswer = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A client that went away before its request was read is no fault: a gateway that closes does so. */
const respond = async (answer: StandInAnswer, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  try {
    await answer(request, response);
  } catch (error) {
    // A request that has arrived is complete, also when it was cut off before it was read.
    if (error !== request.errored) throw error;
  }
};

export const startStandIn = async (answer: StandInAnswer): Promise<StandIn> => {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((request, response) => void respond(answer, request, response));
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const listen = (port: number): Promise<void> => new Promise((resolve) => void server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    connections: () => connections,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    restart: () => listen(port),
  };
};

export const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

export const sendJson = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
};

/** Reads the whole request and tells what came. */
export const seenOf = async (request: IncomingMessage): Promise<Seen> => ({
  method: request.method ?? '',
  url: request.url ?? '',
  headers: request.headers,
  body: await readBody(request),
});
