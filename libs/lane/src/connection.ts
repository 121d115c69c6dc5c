import { WebSocket } from 'ws';
import { createBatch } from './batch.ts';
import { createPendingCalls, type PendingAnswer } from './pending-calls.ts';
import {
  closeTimeoutMs,
  laneProtocol,
  readServiceMessage,
  serviceMessageBytesMax,
  unsentBytesMax,
  writeCall,
  writeCancel,
  type AnswerItem,
  type Hello,
  type LaneCall,
} from './protocol.ts';
import { LaneFailure } from './lane-failure.ts';

/** An open connection to one replica of a service. */
export interface LaneConnection {
  /** Milliseconds, by the clock that the client was given, after which it is left. */
  readonly leaveAtMs: number;
  offers(operation: string): boolean;
  /** False once the service has said goodbye, this side leaves, or the connection is gone: it takes no further calls. */
  isOpen(): boolean;
  isGathering(): boolean;
  callsInFlight(): number;
  /** Sends a call with the others of this turn. */
  call(call: LaneCall): PendingAnswer;
  /** Takes no further calls and closes when the last one is answered. */
  leave(): void;
  /** Resolves when the connection is gone. */
  readonly gone: Promise<void>;
}

export interface ConnectionParts {
  /** The address of the lane: `ws://host:port/internal/lane`. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connectTimeoutMs: number;
  readonly callTimeoutMs: number;
  readonly leaveAtMs: number;
  /** Called for each message that is sent. */
  readonly onSent: () => void;
}

const socketOptions = { closeTimeout: closeTimeoutMs, maxPayload: serviceMessageBytesMax, perMessageDeflate: false };
const normalClosure = 1000;
const protocolError = 1002;

/** Opens a connection. Rejects unless the service upgrades it to this version and says hello in time. */
export const openConnection = (parts: ConnectionParts): Promise<LaneConnection> =>
  new Promise((resolve, reject) => {
    const { address, headers, connectTimeoutMs } = parts;
    // The types of ws do not know its option `closeTimeout`.
    const options = { headers: { ...headers }, handshakeTimeout: connectTimeoutMs, ...socketOptions };
    const socket = new WebSocket(address, [laneProtocol], options);
    const late = setTimeout(() => socket.terminate(), 2 * connectTimeoutMs);
    const state: ConnectionState = { hello: undefined, isLeaving: false };
    const connection = connectionOn(socket, state, parts);
    const settle = (error?: Error): void => {
      clearTimeout(late);
      if (state.hello !== undefined) return resolve(connection);
      socket.terminate();
      return reject(error ?? new LaneFailure('broken', 'The service closed the lane before it said hello.'));
    };
    // The listener stays: an error of the open connection is followed by its close, which fails the calls.
    socket.on('error', settle);
    socket.on('close', () => settle());
    socket.once('message', () => settle());
  });

interface ConnectionState {
  hello: (Hello & { readonly offered: ReadonlySet<string> }) | undefined;
  isLeaving: boolean;
}

const connectionOn = (
  socket: WebSocket,
  state: ConnectionState,
  { callTimeoutMs, leaveAtMs, onSent }: ConnectionParts,
): LaneConnection => {
  const batch = createBatch((message) => {
    onSent();
    // A text as bytes is masked and sent in one piece with its header.
    socket.send(Buffer.from(message), { binary: false });
  });
  const isOpen = (): boolean => socket.readyState === WebSocket.OPEN && state.hello !== undefined && !state.isLeaving;
  const closeIfDone = (): void => {
    if (!state.isLeaving || pending.size() > 0) return;
    batch.flush();
    socket.close(normalClosure);
  };
  const pending = createPendingCalls({
    timeoutMs: callTimeoutMs,
    onAbandoned: (id) => batch.add(writeCancel(id)),
    onSilent: () => socket.terminate(),
    onSettled: closeIfDone,
  });
  const leave = (): void => {
    state.isLeaving = true;
    closeIfDone();
  };
  socket.on('message', (data, isBinary) => {
    try {
      receive(isBinary ? '' : textOf(data), state, pending.settle, leave);
      pending.onReceived();
    } catch {
      // What this side does not understand it cannot answer either: the calls fail with the connection.
      socket.close(protocolError);
      pending.failAll(new LaneFailure('broken', 'The service sent what is no message of the lane.'));
    }
  });
  const gone = new Promise<void>((resolve) => {
    socket.on('close', () => {
      pending.failAll(new LaneFailure('broken', 'The lane to the service broke.'));
      resolve();
    });
  });
  return {
    leaveAtMs,
    offers: (operation) => state.hello?.offered.has(operation) === true,
    isOpen,
    isGathering: batch.isGathering,
    callsInFlight: pending.size,
    call(call) {
      const isFull = pending.size() >= (state.hello?.callsMax ?? 0) || socket.bufferedAmount > unsentBytesMax;
      if (isFull) throw new LaneFailure('full', 'As many calls are under way as the service takes.');
      return pending.add((id) => batch.add(writeCall(id, call)));
    },
    leave,
    gone,
  };
};

const receive = (
  text: string,
  state: ConnectionState,
  settle: (answers: readonly AnswerItem[]) => void,
  leave: () => void,
): void => {
  const message = readServiceMessage(text);
  if (message.kind === 'answers') settle(message.answers);
  else if (message.kind === 'goodbye') leave();
  else state.hello = { ...message.hello, offered: new Set(message.hello.operations) };
};

const textOf = (data: Buffer | ArrayBuffer | Buffer[]): string => (data as Buffer).toString('utf8');
