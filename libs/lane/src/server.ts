import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { createBatch } from './batch.ts';
import {
  answerCharactersMax,
  callerMessageBytesMax,
  closeTimeoutMs,
  goodbye,
  laneProtocol,
  readCallerMessage,
  unsentBytesMax,
  writeAnswer,
  writeHello,
  writeRefusal,
  type CallerItem,
  type LaneAnswer,
  type LaneCall,
} from './protocol.ts';

/** A service's side of the lane. */
export interface LaneServer {
  /** Upgrades a connection whose opener was authenticated. Ends it with 426 where it does not speak this version. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Says goodbye on every connection. Resolves when each gateway has its last answers and has closed; the rest is cut after `drainMs`. */
  close(): Promise<void>;
}

export interface LaneServerParts {
  /** The names of the operations that are offered. */
  readonly operations: () => readonly string[];
  /**
   * Performs a call. `isAbandoned` tells that nobody waits for the answer any more. `long` says that the answer is to be asked for
   * another way: only for a call that can be performed again.
   */
  readonly perform: (call: LaneCall, isAbandoned: () => boolean) => Promise<LaneAnswer | 'long'>;
  /** Called with what `perform` threw, or with the fault of a peer that breaks the protocol. */
  readonly onFault: (error: unknown) => void;
  /** The calls of one connection that are in hand at a time. */
  readonly callsMax?: number;
  /** The life of a connection: its opener proved who it is when it was opened, and proves it again with the next one. */
  readonly connectionAgeMs?: number;
  readonly drainMs?: number;
}

const callsMaxDefault = 1_000;
const connectionAgeMsDefault = 600_000;
/** Less than a process has for stopping. */
const drainMsDefault = 8_000;
const protocolError = 1002;
const socketOptions = {
  noServer: true,
  closeTimeout: closeTimeoutMs,
  perMessageDeflate: false,
  maxPayload: callerMessageBytesMax,
  handleProtocols: () => laneProtocol,
};

export const createLaneServer = (parts: LaneServerParts): LaneServer => {
  const { drainMs = drainMsDefault } = parts;
  const sockets = new WebSocketServer(socketOptions);
  const lanes = new Set<Lane>();
  let isClosing = false;
  return {
    upgrade(request, socket, head) {
      if (isClosing) return refuse(socket, '503 Service Unavailable');
      if (!offersProtocol(request)) return refuse(socket, '426 Upgrade Required', [`sec-websocket-protocol: ${laneProtocol}`]);
      return sockets.handleUpgrade(request, socket, head, (accepted) => {
        const lane = serveLane(accepted, parts);
        lanes.add(lane);
        void lane.gone.then(() => lanes.delete(lane));
      });
    },
    async close() {
      isClosing = true;
      const gone = Promise.all([...lanes].map((lane) => lane.gone));
      for (const lane of lanes) lane.sayGoodbye();
      const cut = setTimeout(() => {
        for (const lane of lanes) lane.cut();
      }, drainMs);
      await gone;
      clearTimeout(cut);
    },
  };
};

const offersProtocol = ({ headers }: IncomingMessage): boolean =>
  (headers['sec-websocket-protocol'] ?? '').split(',').some((name) => name.trim() === laneProtocol);

const refuse = (socket: Duplex, status: string, fields: readonly string[] = []): void => {
  socket.on('error', () => socket.destroy());
  socket.end([`HTTP/1.1 ${status}`, ...fields, 'content-length: 0', 'connection: close', '', ''].join('\r\n'));
};

interface Lane {
  readonly gone: Promise<void>;
  sayGoodbye(): void;
  cut(): void;
}

/** Serves one connection. */
const serveLane = (socket: WebSocket, parts: LaneServerParts): Lane => {
  const { operations, onFault, callsMax = callsMaxDefault, connectionAgeMs = connectionAgeMsDefault } = parts;
  const names = operations();
  const offered = new Set(names);
  /** The calls in hand. One that was cancelled stays until it has ended: it still costs what it costs. */
  const inHand = new Map<number, { isAbandoned: boolean }>();
  const send = (message: string): void => {
    // A gateway that does not read is as good as gone: its calls fail, and nothing piles up here.
    if (socket.bufferedAmount > unsentBytesMax) socket.terminate();
    else socket.send(message);
  };
  const batch = createBatch(send);
  const performOne = async (id: number, call: LaneCall): Promise<void> => {
    const state = { isAbandoned: false };
    inHand.set(id, state);
    const written = await answerOf(parts, id, call, () => state.isAbandoned);
    inHand.delete(id);
    if (!state.isAbandoned) batch.add(written);
  };
  const take = ([id, call]: CallerItem): void => {
    const known = inHand.get(id);
    if (call === undefined) {
      if (known !== undefined) known.isAbandoned = true;
    } else if (inHand.size >= callsMax || known !== undefined) batch.add(writeRefusal(id, 'full'));
    else if (offered.has(call.operation)) void performOne(id, call);
    else batch.add(writeRefusal(id, 'unknown'));
  };
  socket.on('message', (data, isBinary) => {
    try {
      for (const item of readCallerMessage(isBinary ? '' : (data as Buffer).toString('utf8'))) take(item);
    } catch (error) {
      onFault(error);
      socket.close(protocolError);
    }
  });
  socket.on('error', onFault);
  const aged = setTimeout(() => send(goodbye), connectionAgeMs).unref();
  const gone = new Promise<void>((resolve) => {
    socket.on('close', () => {
      clearTimeout(aged);
      for (const state of inHand.values()) state.isAbandoned = true;
      resolve();
    });
  });
  send(writeHello({ operations: names, callsMax }));
  return { gone, sayGoodbye: () => send(goodbye), cut: () => socket.terminate() };
};

/** The answer to one call, written. Never rejects. */
const answerOf = async (
  { perform, onFault }: LaneServerParts,
  id: number,
  call: LaneCall,
  isAbandoned: () => boolean,
): Promise<string> => {
  try {
    const answer = await perform(call, isAbandoned);
    const isLong = answer === 'long' || (answer.text?.length ?? 0) > answerCharactersMax;
    return isLong ? writeRefusal(id, 'long') : writeAnswer(id, answer);
  } catch (error) {
    onFault(error);
    return writeRefusal(id, 'failed');
  }
};
