import { linkSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createFileAtomically, writeFileAtomically } from '@guildhall/files';
import { stopLeftover } from '@guildhall/testkit';
import { endProcess, isRunning, startOf, type KnownProcess } from './process-start.ts';

/** A service's process, for `make status` and for whoever clears away after a launcher that was killed. */
export interface RunningService extends KnownProcess {
  readonly url: string;
  /** When it was started, in ISO 8601. */
  readonly since: string;
  /** How often it was started; more than once after an end that nobody asked for. */
  readonly starts: number;
}

/** The state that a running stack leaves in its data folder, for `make down`, `make status`, `make demo` and a second `make up`. */
export interface RunningStack extends KnownProcess {
  readonly mode: 'solo' | 'team';
  /** Null while the stack is still starting. */
  readonly gateway: string | null;
  /** The database URL with its password: only its user can read the file. Absent in solo mode. */
  readonly databaseUrl?: string;
  /** The address of auth, for commands that ask it. Absent in solo mode. */
  readonly authUrl?: string;
  /** True while the stack runs a PostgreSQL of its own. */
  readonly hasEmbeddedPostgres?: boolean;
  readonly services: Readonly<Record<string, RunningService>>;
}

/** The right to run on a data folder: one process at a time has it. */
export interface Claim {
  /** Adds facts that become known later. */
  update(part: Partial<Pick<RunningStack, 'gateway' | 'databaseUrl' | 'authUrl' | 'hasEmbeddedPostgres'>>): void;
  serviceStarted(name: string, pid: number, url: string): void;
  release(): void;
}

/** A service closes within 10 s by itself or not at all. */
const serviceStopTimeoutMs = 12_000;
const claimTriesMax = 5;

const fileIn = (dataFolder: string): string => join(dataFolder, 'running.json');

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

const readRecord = (file: string): RunningStack | null => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunningStack;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return null;
    throw error;
  }
};

/** The stack that runs on this data, or is starting; null when there is none, also when its process was killed. */
export const findRunning = (dataFolder: string): RunningStack | null => {
  const record = readRecord(fileIn(dataFolder));
  return record !== null && isRunning(record) ? record : null;
};

export const describeRunning = ({ mode, gateway, pid }: RunningStack): string =>
  gateway === null
    ? `Guildhall is starting already (process ${pid}); make down stops it.`
    : `Guildhall is up already, in ${mode} mode: ${gateway} (make down stops it).`;

/** A record outlives no crash of the machine: neither do the processes that it names. */
const recordWrite = { isDurable: false };
const textOf = (record: RunningStack): string => `${JSON.stringify(record, null, 2)}\n`;

/** Takes the record of a dead launcher away; one that somebody wrote meanwhile is put back. */
const removeRecord = (file: string): void => {
  const aside = `${file}.${process.pid}.old`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  const record = readRecord(aside);
  if (record !== null && isRunning(record)) linkSync(aside, file);
  rmSync(aside, { force: true });
};

/** Ends what a launcher that was killed has left on this data folder, and answers the names of it. */
export const clearLeftovers = async (dataFolder: string): Promise<readonly string[]> => {
  const file = fileIn(dataFolder);
  const record = readRecord(file);
  if (record !== null && isRunning(record)) throw new Error(describeRunning(record));
  const left = Object.entries(record?.services ?? {}).filter(([, service]) => isRunning(service));
  await Promise.all(left.map(([, service]) => endProcess(service, serviceStopTimeoutMs)));
  const other = findRunning(dataFolder);
  if (other !== null) throw new Error(describeRunning(other));
  const hadPostgres = await stopLeftover(join(dataFolder, 'postgres'));
  removeRecord(file);
  return [...left.map(([name]) => name), ...(hadPostgres ? ['PostgreSQL'] : [])];
};

const known = (pid: number): KnownProcess => ({ pid, startedAt: startOf(pid) ?? '' });

/**
 * Takes the data folder for this process, after clearing away what a killed one has left there.
 * Throws, saying so, while another process runs on it.
 */
export const claimData = async (
  dataFolder: string,
  mode: RunningStack['mode'],
  onNote: (line: string) => void,
): Promise<Claim> => {
  mkdirSync(dataFolder, { recursive: true, mode: 0o755 });
  const file = fileIn(dataFolder);
  let record: RunningStack = { ...known(process.pid), mode, gateway: null, services: {} };
  for (let tries = 0; !createFileAtomically(file, textOf(record), recordWrite); tries += 1) {
    if (tries === claimTriesMax) throw new Error(`${file} is being written by others; try again.`);
    const left = await clearLeftovers(dataFolder);
    if (left.length > 0) onNote(`stopped what a killed run had left: ${left.join(', ')}`);
  }
  const write = (part: Partial<RunningStack>): void => {
    record = { ...record, ...part };
    writeFileAtomically(file, textOf(record), recordWrite);
  };
  return {
    update: write,
    serviceStarted: (name, pid, url) => {
      const starts = (record.services[name]?.starts ?? 0) + 1;
      const service = { ...known(pid), url, since: new Date().toISOString(), starts };
      write({ services: { ...record.services, [name]: service } });
    },
    release: () => rmSync(file, { force: true }),
  };
};
