import { fork, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { openLogFile } from '@guildhall/files';
import { describeLog, logSize } from './log-file.ts';
import { waitPatiently } from './patience.ts';

export interface ServiceProcess {
  readonly name: string;
  readonly url: string;
  /** The running process's id; throws while it is not running. */
  readonly pid: number;
  /** The number of unexpected exits since the last `start`. */
  readonly unexpectedExits: number;
  /**
   * Starts the process and waits, as long as it lives, until it answers /healthz. Rejects with the end of its log if it exits.
   */
  start(): Promise<void>;
  /** Describes in a sentence what was logged since the last start, with the end of it. */
  describeLog(): string;
  /** Stops the process for good: SIGTERM, then SIGKILL if that takes too long. */
  stop(): Promise<void>;
  /** Sends a signal, as a fault would; the process is started again unless `staysDown`. */
  kill(signal: NodeJS.Signals, options?: { readonly staysDown: boolean }): Promise<void>;
}

export interface ServiceProcessParts {
  readonly name: string;
  readonly entry: string;
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly onNote: (line: string) => void;
  /** Called with the id of each process that is started. */
  readonly onProcess?: (pid: number) => void;
  readonly restarts?: RestartLimits;
}

export interface RestartLimits {
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** The number of times in a row that a process may end soon after its start; then it is left alone. */
  readonly inARowMax: number;
}

/** A service closes within 10 s by itself or not at all. */
const stopTimeoutMs = 12_000;
const askTimeoutMs = 1_000;
/** Some 80 s of trying: what ends so often will not get well by itself, and fills the log. */
const patientRestarts: RestartLimits = { firstPauseMs: 250, longestPauseMs: 10_000, inARowMax: 12 };
/** A process that ran for this long was well: the next restart is quick again. */
const wellAfterMs = 30_000;

interface Restarts {
  /** Begins anew, as after a start that somebody asked for. */
  reset(): void;
  /** The pause before the next restart of a process that ran for `ranForMs`; null: it ended so soon so often that it is left alone. */
  nextPauseMs(ranForMs: number): number | null;
  /** The words for a process that is left alone. */
  tooOften(): string;
}

const countRestarts = ({ firstPauseMs, longestPauseMs, inARowMax }: RestartLimits): Restarts => {
  let ended = 0;
  return {
    reset: () => void (ended = 0),
    nextPauseMs(ranForMs) {
      if (ranForMs > wellAfterMs) ended = 0;
      ended += 1;
      return ended > inARowMax ? null : Math.min(firstPauseMs * 2 ** (ended - 1), longestPauseMs);
    },
    tooOften: () => `soon after each of ${ended} starts: it is not started again.`,
  };
};

/** A supervised service process: restarted with exponential backoff when it exits unexpectedly. */
export const createServiceProcess = (parts: ServiceProcessParts): ServiceProcess => {
  const { name, url, onNote, onProcess = () => {} } = parts;
  const restarts = countRestarts(parts.restarts ?? patientRestarts);
  let child: ChildProcess | null = null;
  let isWanted = false;
  let unexpectedExits = 0;
  let loggedBefore = 0;
  let abandoned = new AbortController();

  const launch = (): ChildProcess => {
    const startedAt = Date.now();
    const launched = spawnService(parts);
    child = launched;
    if (launched.pid !== undefined) onProcess(launched.pid);
    launched.once('exit', (code, signal) => {
      if (child === launched) child = null;
      if (!isWanted) return;
      unexpectedExits += 1;
      void restart(`${name} ended (${signal ?? `exit code ${String(code)}`})`, Date.now() - startedAt);
    });
    return launched;
  };
  const restart = async (reason: string, ranForMs: number): Promise<void> => {
    const pauseMs = restarts.nextPauseMs(ranForMs);
    if (pauseMs === null) return onNote(`${reason}, ${restarts.tooOften()} ${describeLog(parts.logFile, loggedBefore)}`);
    onNote(`${reason}; starting it again in ${pauseMs} ms`);
    await pause(pauseMs, undefined, { signal: abandoned.signal }).catch(() => {});
    if (isWanted && child === null) launch();
  };

  return {
    name,
    url,
    get pid() {
      if (child?.pid === undefined) throw new Error(`${name} is not running.`);
      return child.pid;
    },
    get unexpectedExits() {
      return unexpectedExits;
    },
    async start() {
      [isWanted, unexpectedExits] = [true, 0];
      restarts.reset();
      abandoned = new AbortController();
      loggedBefore = logSize(parts.logFile);
      await untilItAnswers(parts, child ?? launch(), loggedBefore);
    },
    describeLog: () => describeLog(parts.logFile, loggedBefore),
    async stop() {
      isWanted = false;
      abandoned.abort();
      if (child !== null) await end(child, 'SIGTERM');
    },
    async kill(signal, { staysDown } = { staysDown: false }) {
      if (staysDown) isWanted = false;
      if (child !== null) await end(child, signal);
    },
  };
};

/**
 * Flags of the engine for every service (`node --v8-options`). The young generation of its heap has at most so many megabytes a half: it grows to three
 * times as many in every process at its start, and is never given back. The heap of a thread that ends goes back to the system: otherwise the process keeps it
 * for the next thread.
 */
export const heapFlags = ['--max-semi-space-size=8', '--no-memory-pool-share-memory-on-teardown'];

/** Starts it in a process group of its own: Ctrl-C reaches the launcher alone, which stops everything in order. */
const spawnService = ({ entry, env, logFile }: ServiceProcessParts): ChildProcess => {
  const log = openLogFile(logFile);
  try {
    return fork(entry, { env: { ...env }, stdio: ['ignore', log, log, 'ipc'], execArgv: [...heapFlags], detached: true });
  } finally {
    closeSync(log);
  }
};

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  const cut = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await gone;
  clearTimeout(cut);
};

const untilItAnswers = ({ name, url, logFile, onNote }: ServiceProcessParts, child: ChildProcess, loggedBefore: number) =>
  waitPatiently({
    what: `${name} to answer`,
    onNote,
    async look() {
      const outcome = child.exitCode ?? child.signalCode;
      if (outcome !== null) throw new Error(`${name} ended (${outcome}) while starting. ${describeLog(logFile, loggedBefore)}`);
      return (await answers(`${url}/healthz`)) ? null : 'it does not answer yet';
    },
  });

const answers = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(askTimeoutMs) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
};
