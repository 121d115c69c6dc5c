import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { claimData, type Claim } from './running.ts';
import type { ServiceProcess } from './service-process.ts';
import { startSharedDatabase, type SharedDatabaseServer } from './shared-database.ts';
import { createServices, type ServiceUrls } from './services.ts';
import type { StackOptions, StackServiceName } from './stack-options.ts';

export interface Stack {
  readonly urls: ServiceUrls;
  /** For the first owner, or for who connects the database. Null when there is an owner. */
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

/**
 * Starts the database, runs every migration, starts the four services and waits until the gateway serves team routes.
 * Rejects, with all of it stopped again, when something fails or `signal` aborts, and when another process already runs
 * on this data folder.
 */
export const startStack = async (options: StackOptions): Promise<Stack> => {
  const { dataFolder, onNote = () => {} } = options;
  const claim = await claimData(dataFolder, 'team', onNote);
  try {
    return await startOn(claim, options, onNote);
  } catch (error) {
    claim.release();
    throw error;
  }
};

const startOn = async (claim: Claim, options: StackOptions, onNote: (line: string) => void): Promise<Stack> => {
  const { dataFolder, signal } = options;
  const logFolder = join(dataFolder, 'logs');
  const mailFolder = join(dataFolder, 'mails');
  const setupTokenFile = join(dataFolder, 'setup-token');
  for (const folder of [logFolder, mailFolder]) mkdirSync(folder, { recursive: true, mode: 0o700 });

  const database = await startSharedDatabase(options, onNote);
  // A token that an earlier run left was never used: auth makes another.
  const hasNoOwner = database.isNew || existsSync(setupTokenFile);
  rmSync(setupTokenFile, { force: true });
  const services: ServiceProcess[] = [];
  const stopAll = async (): Promise<void> => {
    await Promise.all(services.map((service) => service.stop()));
    await database.close();
  };
  try {
    const created = await createServices({
      ...options,
      logFolder,
      mailFolder,
      setupTokenFile,
      addresses: database.addresses,
      onNote,
      onProcess: claim.serviceStarted,
    });
    services.push(...created.all);
    const { urls } = created;
    await orAborted(signal, startServices(services, urls, options.isConnectedLater === true ? 'alive' : 'ready', onNote));
    const setupToken = hasNoOwner ? await readSetupToken(setupTokenFile) : null;
    claim.update({ gateway: urls.gateway, databaseUrl: database.url() });
    const close = async (): Promise<void> => {
      await stopAll();
      claim.release();
    };
    return { urls, setupToken, mailFolder, logFolder, database, service: created.get, close };
  } catch (error) {
    await stopAll();
    throw error;
  }
};

/** The gateway last: what it asks of the services at its start is answered at once, and not a second later. */
const startServices = async (
  services: readonly ServiceProcess[],
  { gateway }: ServiceUrls,
  wanted: 'alive' | 'ready',
  onNote: (line: string) => void,
): Promise<void> => {
  const startOne = async (service: ServiceProcess): Promise<void> => {
    await service.start();
    // To be alive it need only have started.
    if (wanted === 'ready') await untilReady(service);
    onNote(`${service.name} is ${wanted}`);
  };
  await Promise.all(services.filter(({ url }) => url !== gateway).map(startOne));
  await Promise.all(services.filter(({ url }) => url === gateway).map(startOne));
};

/** What `work` does, unless `signal` aborts first. */
const orAborted = async (signal: AbortSignal | undefined, work: Promise<void>): Promise<void> => {
  if (signal === undefined) return work;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('Stopped while starting.'));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  await Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', abort));
};

/** Until a service says that it can do all its work; the gateway, that every service reaches the shared database. */
const untilReady = async ({ name, url }: ServiceProcess): Promise<void> => {
  const deadline = Date.now() + readyTimeoutMs;
  for (;;) {
    const state = await readinessOf(url);
    if (state === 'ready') return;
    if (Date.now() > deadline) throw new Error(`${name} is not ready after ${readyTimeoutMs / 1000} s: ${state}`);
    await pause(askEveryMs);
  }
};

/** 'ready', or what keeps it from being that. */
const readinessOf = async (url: string): Promise<string> => {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(askTimeoutMs) });
    const readiness = (await response.json()) as { sharedDatabase?: { status: string } };
    return response.ok && readiness.sharedDatabase?.status === 'ready' ? 'ready' : JSON.stringify(readiness);
  } catch (error) {
    return String(error);
  }
};

/** It is written once it is found that nobody owns the installation. */
const readSetupToken = async (file: string): Promise<string | null> => {
  const deadline = Date.now() + setupTokenTimeoutMs;
  for (;;) {
    const token = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
    if (token !== '') return token;
    if (Date.now() > deadline) return null;
    await pause(askEveryMs);
  }
};
