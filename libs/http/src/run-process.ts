import closeWithGrace from 'close-with-grace';
import { requireCorrectJson } from './correct-json.ts';
import type { Logger } from './log.ts';

/** The time limit of a graceful shutdown. */
const closeTimeoutMsDefault = 10_000;

/** A started service. */
export interface Running {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Runs one service as this process: starts it, stops it on SIGTERM, SIGINT or when the parent that forked it is gone
 * (also while it is still starting),
 * and is cut when stopping takes longer than `closeTimeoutMs`. Exits 0 after a clean stop, 1 after a failed start,
 * a failed stop, a fault or a cut.
 */
export const runProcess = async (
  log: Logger,
  start: () => Promise<Pick<Running, 'close'>>,
  closeTimeoutMs: number = closeTimeoutMsDefault,
): Promise<void> => {
  const starting = startOnCorrectEngine(start);
  const { close } = closeWithGrace(
    { delay: closeTimeoutMs, logger: false, onTimeout: () => log.fatal('stopping took too long') },
    async ({ signal, err }) => {
      if (err !== undefined) log.fatal({ err }, 'stopping after a fault');
      else log.info({ signal }, 'stopping');
      const running = await starting;
      await running.close().catch((error: unknown) => {
        log.fatal({ err: error }, 'stopping failed');
        throw error;
      });
    },
  );
  process.once('disconnect', close);
  try {
    await starting;
  } catch (error) {
    log.fatal({ err: error }, 'could not start');
    // Resources of the failed start may keep the process alive, and nothing else would stop it.
    process.exit(1);
  }
};

const startOnCorrectEngine = async <T>(start: () => Promise<T>): Promise<T> => {
  requireCorrectJson();
  return start();
};

/** Runs `read` and turns what it throws into one line on standard error and exit code 1: for reading the configuration. */
export const readOrExit = <T>(read: () => T): T => {
  try {
    return read();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
};
