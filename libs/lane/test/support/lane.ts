import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { waitFor } from '@guildhall/testkit';
import { onTestFinished } from 'vitest';
import {
  createLaneClient,
  createLaneServer,
  lanePath,
  laneProtocol,
  type LaneAnswer,
  type LaneCall,
  type LaneClient,
  type LaneClientParts,
  type LaneServer,
  type LaneServerParts,
} from '../../src/index.ts';
import { callOf } from './calls.ts';

export interface LaneService {
  readonly url: string;
  readonly lane: LaneServer;
  /** Faults that the service was told of. */
  readonly faults: unknown[];
  /** The sockets that were upgraded. */
  readonly sockets: Duplex[];
  /** Cuts every connection and listens no more, as a process that is killed. */
  kill(): Promise<void>;
}

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** A server that upgrades by `upgrade`; ended with the test. */
export const startUpgrading = async (
  upgrade: (request: IncomingMessage, socket: Socket, head: Buffer) => void,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> => {
  const open = new Set<Socket>();
  const server = createServer((_request, response) => response.writeHead(404).end());
  server.on('connection', (socket) => open.add(socket));
  server.on('upgrade', (request, socket, head) => upgrade(request, socket as Socket, head));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of open) socket.destroy();
      server.close(() => resolve());
    });
  onTestFinished(close);
  return { url: await listen(server), close };
};

/** A service that offers `echo` and `other` on a lane, by `perform`. */
export const startLaneService = async (
  perform: LaneServerParts['perform'] = async (call) => answerTo(call),
  parts: Partial<LaneServerParts> = {},
): Promise<LaneService> => {
  const faults: unknown[] = [];
  const sockets: Duplex[] = [];
  const lane = createLaneServer({
    operations: () => ['echo', 'other'],
    perform,
    onFault: (error) => faults.push(error),
    ...parts,
  });
  const { url, close } = await startUpgrading((request, socket, head) => {
    sockets.push(socket);
    lane.upgrade(request, socket, head);
  });
  return { url, lane, faults, sockets, kill: close };
};

export const answerTo = ({ operation, body }: LaneCall): LaneAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  text: JSON.stringify({ operation, body }),
});

export interface TestLaneClient extends LaneClient {
  /** Resolves when a connection offers the operation. */
  ready(): Promise<void>;
  readonly failures: unknown[];
}

/** A client of a lane with one connection; closed with the test. */
export const startLaneClient = (baseUrl: string, parts: Partial<LaneClientParts> = {}): TestLaneClient => {
  const failures: unknown[] = [];
  const client = createLaneClient({
    baseUrl,
    credentials: async () => ({ 'x-credential': 'secret' }),
    connectTimeoutMs: 1_000,
    callTimeoutMs: 60_000,
    onUnavailable: (error) => failures.push(error),
    connectionsMax: 1,
    retryAfterMs: 10,
    ...parts,
  });
  onTestFinished(() => client.close());
  const ready = async (): Promise<void> => {
    await waitFor(
      async () => {
        const pending = client.call(callOf('other'));
        return pending !== undefined && (await pending.answer).status === 200;
      },
      { what: 'the lane to open' },
    );
  };
  return { ...client, failures, ready };
};

/** The start of a WebSocket, written by hand. */
export const rawUpgrade = (url: string, protocol = laneProtocol): Socket => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.write(
    [
      `GET ${lanePath} HTTP/1.1`,
      'host: localhost',
      'connection: Upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
      `sec-websocket-protocol: ${protocol}`,
      '',
      '',
    ].join('\r\n'),
  );
  return socket;
};
