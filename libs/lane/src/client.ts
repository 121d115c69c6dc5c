import { lanePath, type LaneCall } from './protocol.ts';
import { openConnection, type LaneConnection } from './connection.ts';
import type { PendingAnswer } from './pending-calls.ts';

/** The use of a lane now, and since it was created. */
export interface LaneUsage {
  /** Open connections. */
  readonly connections: number;
  /** Calls that wait for their answers. */
  readonly callsInFlight: number;
  /** Calls that were sent, and the messages that carried them. */
  readonly calls: number;
  readonly messages: number;
}

/** The gateway's side of the lane to one service. */
export interface LaneClient {
  /**
   * Sends a call. Returns undefined where no open connection offers the operation: it goes another way, and connections are opened
   * meanwhile. Throws LaneFailure `full` when as many calls are under way as the service takes.
   */
  call(call: LaneCall): PendingAnswer | undefined;
  usage(): LaneUsage;
  /** Takes no further calls. Resolves when those under way are answered and every connection is closed. */
  close(): Promise<void>;
}

export interface LaneClientParts {
  /** The address of the service: `http://host:port`. */
  readonly baseUrl: string;
  /** The headers by which this process proves who it is, for each new connection. */
  readonly credentials: () => Promise<Readonly<Record<string, string>>>;
  readonly connectTimeoutMs: number;
  /** The time that a service has for each answer. */
  readonly callTimeoutMs: number;
  /** Called with the error of a connection that could not be opened, for the first of several in a row. */
  readonly onUnavailable: (error: unknown) => void;
  readonly connectionsMax?: number;
  readonly connectionAgeMs?: number;
  readonly retryAfterMs?: number;
}

/** Several, so that several replicas behind one name get calls. */
const connectionsMaxDefault = 4;
/** The age at which a connection is replaced, so that a new replica gets its share; each by a quarter more or less, so that not all go at once. */
const connectionAgeMsDefault = 60_000;
/** The pause after a connection that could not be opened: the service is away, or does not speak this version. It doubles with each further one. */
const retryAfterMsDefault = 1_000;
const retryAfterMaxMs = 10_000;

/** Creates the client of a lane. It connects when there is something to call, and never by itself. */
export const createLaneClient = (parts: LaneClientParts): LaneClient => {
  const { connectionsMax = connectionsMaxDefault, connectionAgeMs = connectionAgeMsDefault } = parts;
  const connections = new Set<LaneConnection>();
  let [calls, messages] = [0, 0];
  const onSent = (): void => void (messages += 1);
  const opener = createOpener({ ...parts, onSent }, connectionAgeMs, connections);
  let isClosed = false;

  const openFor = (operation: string): readonly LaneConnection[] => {
    const open: LaneConnection[] = [];
    for (const connection of connections) if (connection.isOpen() && connection.offers(operation)) open.push(connection);
    return open;
  };
  /** Leaves old connections, but the newest, and opens what is missing. */
  const replaceAged = (): void => {
    const nowMs = performance.now();
    let newest: LaneConnection | undefined;
    let young = 0;
    for (const connection of connections) {
      if (!connection.isOpen()) continue;
      if (connection.leaveAtMs > nowMs) young += 1;
      if (newest === undefined || connection.leaveAtMs > newest.leaveAtMs) newest = connection;
    }
    for (const connection of connections) {
      if (connection.leaveAtMs <= nowMs && connection !== newest) connection.leave();
    }
    if (young < connectionsMax) opener.openOne();
  };
  return {
    call(call) {
      if (isClosed) return undefined;
      replaceAged();
      const pending = leastBusy(openFor(call.operation))?.call(call);
      if (pending !== undefined) calls += 1;
      return pending;
    },
    usage: () => {
      const open = [...connections].filter((connection) => connection.isOpen());
      const callsInFlight = [...connections].reduce((sum, connection) => sum + connection.callsInFlight(), 0);
      return { connections: open.length, callsInFlight, calls, messages };
    },
    async close() {
      isClosed = true;
      await opener.close();
      for (const connection of connections) connection.leave();
      await Promise.all([...connections].map(({ gone }) => gone));
    },
  };
};

/** The one that gathers a message already, so that a turn's calls go out together; else the one with the fewest calls. */
const leastBusy = (open: readonly LaneConnection[]): LaneConnection | undefined => {
  let least = open[0];
  for (const connection of open) {
    if (connection.isGathering()) return connection;
    if (least === undefined || connection.callsInFlight() < least.callsInFlight()) least = connection;
  }
  return least;
};

/** Opens connections, one at a time, with a pause after one that could not be opened. */
const createOpener = (
  {
    baseUrl,
    credentials,
    onUnavailable,
    retryAfterMs = retryAfterMsDefault,
    ...bounds
  }: LaneClientParts & { readonly onSent: () => void },
  connectionAgeMs: number,
  connections: Set<LaneConnection>,
) => {
  const address = new URL(lanePath, baseUrl.replace(/^http/, 'ws')).href;
  let opening: Promise<void> | undefined;
  let pausesUntilMs = 0;
  let failures = 0;
  let isClosed = false;
  const open = async (): Promise<void> => {
    try {
      const leaveAtMs = performance.now() + connectionAgeMs * (0.75 + Math.random() / 2);
      const connection = await openConnection({ ...bounds, address, headers: await credentials(), leaveAtMs });
      failures = 0;
      connections.add(connection);
      void connection.gone.then(() => connections.delete(connection));
      if (isClosed) connection.leave();
    } catch (error) {
      failures += 1;
      pausesUntilMs = performance.now() + Math.min(retryAfterMs * 2 ** (failures - 1), retryAfterMaxMs);
      if (failures === 1) onUnavailable(error);
    } finally {
      opening = undefined;
    }
  };
  return {
    openOne(): void {
      if (!isClosed && performance.now() >= pausesUntilMs) opening ??= open();
    },
    async close(): Promise<void> {
      isClosed = true;
      await opening;
    },
  };
};
