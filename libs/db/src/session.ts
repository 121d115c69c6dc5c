import { Socket } from 'node:net';
import { serviceSettings } from '@guildhall/engine';
import { Client, type QueryResult } from 'pg';
import { valueTypes } from './values.ts';

export interface SessionOptions {
  readonly url: string;
  readonly applicationName: string;
  /** For all of it: TCP, TLS, log-in and the session's settings. */
  readonly connectTimeoutMs: number;
  /** The server ends a statement after this long. */
  readonly statementTimeoutMs: number;
  /** Told once when the connection is gone without having been asked to go. */
  readonly onLost?: (error: Error) => void;
}

/** One connection to the server. */
export interface Session {
  /** The server's answer within `timeoutMs`, or an error and a destroyed connection. */
  query(
    text: string,
    options: { readonly values?: readonly unknown[]; readonly name?: string; readonly timeoutMs: number },
  ): Promise<QueryResult>;
  /** Says goodbye, and does not wait long for it. */
  end(): Promise<void>;
  /** At once, without a word to the server. */
  destroy(): void;
}

const goodbyeTimeoutMs = 500;

/** A busy event loop is not a silent server: what has arrived meanwhile is read before the time counts as over. */
const within = async <T>(timeoutMs: number, work: Promise<T>, onTimeout: () => void): Promise<T> => {
  let isDone = false;
  const timer = setTimeout(() => setImmediate(() => setImmediate(() => isDone || onTimeout())), timeoutMs);
  try {
    return await work;
  } finally {
    isDone = true;
    clearTimeout(timer);
  }
};

/** A session pinned to READ COMMITTED and UTC. Rejects within the connect time-out. */
export const openSession = async (options: SessionOptions): Promise<Session> => {
  const socket = new Socket();
  const client = new Client({
    connectionString: options.url,
    application_name: options.applicationName,
    keepAlive: true,
    stream: () => socket,
    types: valueTypes,
  });
  const destroy = (reason: string): void => void socket.destroy(new Error(reason));
  client.on('error', (error) => options.onLost?.(error));
  const opening = client.connect().then(() => client.query(serviceSettings(options)));
  await within(options.connectTimeoutMs, opening, () => destroy('The server did not answer the connection in time.')).catch(
    (error: unknown) => {
      socket.destroy();
      throw error;
    },
  );
  return {
    query: (text, { values, name, timeoutMs }) => {
      const config = { text, ...(values === undefined ? {} : { values: [...values] }), ...(name === undefined ? {} : { name }) };
      return within(timeoutMs, client.query(config), () => destroy('The server did not answer a statement in time.'));
    },
    end: () => within(goodbyeTimeoutMs, client.end(), () => socket.destroy()),
    destroy: () => socket.destroy(),
  };
};
