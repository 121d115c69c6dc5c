import { repeat } from '@guildhall/repeat';
import { findRunningPostgres, startEmbeddedPostgres, type EmbeddedPostgres } from '@guildhall/testkit';

export interface EmbeddedServer {
  /** The URL with its password; the same after every start. */
  url(database?: string): string;
  /** The server's process; throws while it is not running. */
  readonly pid: number;
  /** Stops it, and it stays stopped until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it for good. */
  close(): Promise<void>;
}

export interface EmbeddedServerParts {
  readonly dataFolder: string;
  readonly port: number;
  readonly isDurable: boolean;
  readonly onNote: (line: string) => void;
}

const lookEveryMs = 1_000;
const afterFailureMs = 3_000;

/** Starts the embedded PostgreSQL, and starts it again on the same port when it ends unasked. */
export const startEmbeddedServer = async ({
  dataFolder,
  port,
  isDurable,
  onNote,
}: EmbeddedServerParts): Promise<EmbeddedServer> => {
  const begin = (): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ dataFolder, port, isDurable, log: onNote });
  let server = await begin();
  let isWanted = true;
  const isThere = (): boolean => findRunningPostgres(dataFolder) !== undefined;

  // One after another: a stop that comes while the server is being started again waits for that.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (run: () => Promise<void>): Promise<void> => {
    const turn = last.then(run, run);
    last = turn.catch(() => undefined);
    return turn;
  };
  const revive = async (): Promise<void> => {
    if (!isWanted || isThere()) return;
    onNote('PostgreSQL is not running any more; starting it again');
    await server.stop();
    server = await begin();
  };
  const watch = repeat({
    everyMs: lookEveryMs,
    afterErrorMs: afterFailureMs,
    task: () => inTurn(revive),
    onError: (error) => onNote(error instanceof Error ? error.message : String(error)),
  });
  const stop = (): Promise<void> =>
    inTurn(async () => {
      isWanted = false;
      await server.stop();
    });
  return {
    url: (database) => server.url(database),
    get pid() {
      const pid = findRunningPostgres(dataFolder);
      if (pid === undefined) throw new Error('PostgreSQL is not running.');
      return pid;
    },
    stop,
    start: () =>
      inTurn(async () => {
        isWanted = true;
        if (!isThere()) server = await begin();
      }),
    async close() {
      await stop();
      await watch.stop();
    },
  };
};
