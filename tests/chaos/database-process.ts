import { forkCalls } from './child-calls.ts';
import type { DatabaseCalls } from './database-child.ts';

export interface DatabaseProcess {
  /** The URL with its password; the same after every start. */
  url(database?: string): string;
  /** Stops the server, and it stays stopped until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it for good. */
  close(): Promise<void>;
}

/**
 * Starts the embedded PostgreSQL from a process of its own. To start a program holds up the process that starts it for up
 * to 200 ms: in the one that sends the load, every answer of that moment would be measured as late.
 */
export const startDatabaseProcess = async (place: {
  readonly dataFolder: string;
  readonly port: number;
}): Promise<DatabaseProcess> => {
  const server = await forkCalls<DatabaseCalls, string>('database-child.ts', [place.dataFolder, String(place.port)]);
  return {
    url: (database) => {
      const url = new URL(server.ready);
      if (database !== undefined) url.pathname = `/${database}`;
      return url.href;
    },
    start: () => server.call('start'),
    stop: () => server.call('stop'),
    close: async () => {
      await server.call('close');
      await server.end();
    },
  };
};
