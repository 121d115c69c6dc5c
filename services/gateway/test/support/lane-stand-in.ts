import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createLaneServer, lanePath, type LaneAnswer, type LaneCall, type LaneServerParts } from '@guildhall/lane';
import { readBody, sendJson } from './stand-in.ts';

/** A service on loopback that answers by HTTP, and by the lane where it is told to speak it. */
export interface LaneStandIn {
  readonly url: string;
  /** The requests and calls that came, in order: `lane getNote` or `http GET /v1/notes`. */
  readonly came: string[];
  /** Drains the lane alone. */
  drain(): Promise<void>;
  /** Drains the lane and listens no more, as a process that is told to stop. */
  stop(): Promise<void>;
  /** Cuts every connection, as a process that is killed. */
  kill(): Promise<void>;
  /** Listens again, where it did before. */
  restart(speaksLane?: boolean): Promise<void>;
}

export interface LaneStandInParts extends Partial<LaneServerParts> {
  readonly answer?: (call: LaneCall, isAbandoned: () => boolean) => Promise<LaneAnswer | 'long'>;
  readonly operations?: () => readonly string[];
}

export const laneAnswer = (body: unknown, headers: Readonly<Record<string, string>> = {}): LaneAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  text: JSON.stringify(body),
});

export const startLaneStandIn = async (parts: LaneStandInParts, isSpeaking = true): Promise<LaneStandIn> => {
  const { answer = async (call) => laneAnswer(call), operations = () => [], ...bounds } = parts;
  const came: string[] = [];
  const open = new Set<Socket>();
  let speaksLane = isSpeaking;
  const createLane = () =>
    createLaneServer({
      operations,
      perform: (call, isAbandoned) => {
        came.push(`lane ${call.operation}`);
        return answer(call, isAbandoned);
      },
      onFault: () => {},
      ...bounds,
    });
  let lane = createLane();
  const server = createServer({ shouldUpgradeCallback: ({ url }) => speaksLane && url === lanePath }, (request, response) => {
    if (request.url === lanePath) return void response.writeHead(404).end();
    came.push(`http ${request.method} ${request.url}`);
    return void readBody(request).then(
      (body) => sendJson(response, 200, { byHttp: body }),
      () => {},
    );
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => lane.upgrade(request, socket, head));
  const listen = (port: number): Promise<void> => new Promise((resolve) => void server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const kill = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of open) socket.destroy();
    });
  return {
    url: `http://127.0.0.1:${port}`,
    came,
    kill,
    drain: () => lane.close(),
    async stop() {
      await lane.close();
      await kill();
    },
    restart: (speaks = true) => {
      speaksLane = speaks;
      lane = createLane();
      return listen(port);
    },
  };
};
