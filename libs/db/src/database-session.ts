import { Socket } from 'node:net';
import { serviceSettings } from '@guildhall/engine';
import { within } from '@guildhall/repeat';
import { Client, type QueryResult } from 'pg';
import { valueTypes } from './values.ts';

export interface DatabaseSessionOptions {
  readonly url: string;
  readonly applicationName: string;
  /** The time limit for TCP, TLS, log-in and the session's settings together. */
  readonly connectTimeoutMs: number;
  /** The server cancels a statement after this time. */
  readonly statementTimeoutMs: number;
  /** Called once if the connection is lost without `end` or `destroy`. */
  readonly onLost?: (error: Error) => void;
}

/** One session on the database server: a connection with its settings. */
export interface DatabaseSession {
  /** Runs one statement. Rejects and destroys the connection if the server does not answer within `timeoutMs`. */
  query(
    text: string,
    options: { readonly values?: readonly unknown[]; readonly name?: string; readonly timeoutMs: number },
  ): Promise<QueryResult>;
  /** Closes the session in order, or destroys it after half a second. */
  end(): Promise<void>;
  /** Closes the socket at once. */
  destroy(): void;
}

const endTimeoutMs = 500;

/** Opens a session at READ COMMITTED and in UTC. Rejects within the connect time-out. */
export const openSession = async (options: DatabaseSessionOptions): Promise<DatabaseSession> => {
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
    end: () => within(endTimeoutMs, client.end(), () => socket.destroy()),
    destroy: () => socket.destroy(),
  };
};
