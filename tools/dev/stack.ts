import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceProcess } from './service-process.ts';
import { startSharedDatabase, type SharedDatabaseServer } from './shared-database.ts';
import { createServices, type ServiceUrls } from './services.ts';

export type StackServiceName = 'auth' | 'team-resources' | 'audit' | 'gateway';

export interface StackOptions {
  /** Holds everything that the stack keeps: database, keys, logs, mails, the solo file. */
  readonly dataFolder: string;
  /** Wanted ports; 0 or absent takes a free one. A taken one is replaced, and said so. */
  readonly ports?: Partial<Record<StackServiceName | 'postgres', number>>;
  /** Use this server instead of the embedded PostgreSQL. */
  readonly databaseUrl?: string | undefined;
  /** Use this queue instead of one in the database. */
  readonly queueUrl?: string | undefined;
  /** Environment of every service, over what the stack sets itself. */
  readonly env?: Readonly<Record<string, string>>;
  /** False for tests: a crash of the machine may lose data. */
  readonly isDurable?: boolean;
  /** One line for each step. */
  readonly onNote?: (line: string) => void;
}

export interface Stack {
  readonly urls: ServiceUrls;
  /** Null when an owner exists. */
  readonly setupToken: string | null;
  readonly mailFolder: string;
  readonly logFolder: string;
  readonly database: SharedDatabaseServer;
  service(name: StackServiceName): ServiceProcess;
  /** Stops every service, then the database. Nothing stays behind. */
  close(): Promise<void>;
}

const readyTimeoutMs = 20_000;
const setupTokenTimeoutMs = 5_000;
const askEveryMs = 50;
const askTimeoutMs = 1_000;

/** Starts the database, runs every migration, starts the four services and waits until the gateway serves team routes. */
export const startStack = async (options: StackOptions): Promise<Stack> => {
  const { dataFolder, onNote = () => {} } = options;
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const logFolder = join(dataFolder, 'logs');
  const mailFolder = join(dataFolder, 'mails');
  for (const folder of [logFolder, mailFolder]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const setupTokenFile = join(dataFolder, 'setup-token');

  const database = await startSharedDatabase(options, onNote);
  const services = await createServices({
    ...options,
    logFolder,
    mailFolder,
    setupTokenFile,
    databaseUrl: database.url(),
    onNote,
  });
  const close = async (): Promise<void> => {
    await Promise.all(services.all.map((service) => service.stop()));
    await database.close();
  };
  try {
    await Promise.all(services.all.map((service) => service.start()));
    onNote('services started');
    await untilReady(services.urls.gateway);
    const setupToken = await readSetupToken(setupTokenFile, database.isNew);
    return { urls: services.urls, setupToken, mailFolder, logFolder, database, service: services.get, close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** Until the gateway says that every service reaches the shared database. */
const untilReady = async (gateway: string): Promise<void> => {
  const deadline = Date.now() + readyTimeoutMs;
  for (;;) {
    const response = await fetch(`${gateway}/v1/installation`, { signal: AbortSignal.timeout(askTimeoutMs) });
    const installation = (await response.json()) as { state: string };
    if (installation.state === 'ready') return;
    if (Date.now() > deadline)
      throw new Error(`The stack is not ready after ${readyTimeoutMs / 1000} s: ${JSON.stringify(installation)}`);
    await pause(askEveryMs);
  }
};

/** auth writes the file once it knows that nobody owns the installation; only a new database is waited for. */
const readSetupToken = async (file: string, isNew: boolean): Promise<string | null> => {
  const deadline = Date.now() + (isNew ? setupTokenTimeoutMs : 0);
  while (!existsSync(file) && Date.now() < deadline) await pause(askEveryMs);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
};
