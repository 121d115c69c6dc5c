import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';

/** Log lines that a failing test prints: of services in this process, and of the log files of others. */

interface LogSource {
  readonly name: string;
  readonly read: () => readonly string[];
}

const linesShown = 30;
const lineCharactersMax = 500;
const sources: LogSource[] = [];

export interface CaughtLog {
  /** Complete lines, the newest last. */
  readonly lines: string[];
  /** The destination for a logger. */
  readonly stream: Writable;
}

/** Has a failing test print the last lines of a log in memory: of a service that was started for an earlier test file. */
export const showLog = (name: string, lines: readonly string[]): void => void sources.push({ name, read: () => lines });

/** A log in memory whose last lines a failing test prints, also after its service was closed. */
export const catchLog = (name: string): CaughtLog => {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString('utf8'));
      done();
    },
  });
  showLog(name, lines);
  return { lines, stream };
};

const linesOf = (file: string): readonly string[] => {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-linesShown);
  } catch (error) {
    return [`(cannot be read: ${error instanceof Error ? error.message : String(error)})`];
  }
};

/** Names a log file whose last lines a failing test prints. Returns a function that keeps them before the file is removed. */
export const showLogFile = (name: string, file: string): (() => void) => {
  let kept: readonly string[] | undefined;
  sources.push({ name, read: () => kept ?? linesOf(file) });
  return () => {
    kept = linesOf(file);
  };
};

/** The last lines of every log since `forgetEvidence`, each under its name. Empty when there is none. */
export const failureEvidence = (): string =>
  sources
    .map(({ name, read }) => ({ name, lines: read().slice(-linesShown) }))
    .filter(({ lines }) => lines.length > 0)
    .map(
      ({ name, lines }) =>
        `── the last lines of ${name}\n${lines.map((line) => line.trimEnd().slice(0, lineCharactersMax)).join('\n')}\n`,
    )
    .join('');

/** Forgets every log: at the start of a test file, so that it shows none of the files before it in the same worker. */
export const forgetEvidence = (): void => void sources.splice(0);
