import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { waitPatiently } from './patience.ts';
import { claimData, type Claim } from './running.ts';
import type { ServiceProcess } from './service-process.ts';
import { startSharedDatabase, type SharedDatabaseServer } from './shared-database.ts';
import { chooseUrls, createServices, type ServiceUrls } from './services.ts';
import { checkSettings } from './settings.ts';
import { findSetupToken } from './setup-token.ts';
import type { StackOptions, StackServiceName } from './stack-options.ts';

export interface Stack {
  readonly urls: ServiceUrls;
  /** The setup token, for the first owner or for connecting the database; null if there is an owner. */
  readonly setupToken: string | null;
  readonly mailFolder: string;
  readonly logFolder: string;
  readonly database: SharedDatabaseServer;
  service(name: StackServiceName): ServiceProcess;
  /** Stops every service, then the database. Nothing stays behind. */
  close(): Promise<void>;
}

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

  const serviceUrls = await chooseUrls(options.ports ?? {}, onNote);
  const parts = { ...options, serviceUrls, logFolder, mailFolder, setupTokenFile, onNote, onProcess: claim.serviceStarted };
  // Before anything is started or migrated: what is wrong with a setting is said by its name.
  checkSettings(parts);
  const database = await startSharedDatabase(options, onNote);
  claim.update({ hasEmbeddedPostgres: options.databaseUrl === undefined });
  // Where one is wanted still, another is made.
  rmSync(setupTokenFile, { force: true });
  const services: ServiceProcess[] = [];
  const stopAll = async (): Promise<void> => {
    await Promise.all(services.map((service) => service.stop()));
    await database.close();
  };
  try {
    const created = createServices({ ...parts, addresses: database.addresses });
    services.push(...created.all);
    const { urls } = created;
    const isConnectedLater = options.isConnectedLater === true;
    await orAborted(signal, startServices(services, urls, isConnectedLater ? 'alive' : 'ready', onNote));
    const setupToken = await orAborted(
      signal,
      findSetupToken({
        file: setupTokenFile,
        onNote,
        from: isConnectedLater ? { gateway: urls.gateway } : { databaseUrl: database.url() },
      }),
    );
    claim.update({ gateway: urls.gateway, databaseUrl: database.url(), authUrl: urls.auth });
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
    if (wanted === 'ready') await untilReady(service, onNote);
    onNote(`${service.name} is ${wanted}`);
  };
  await Promise.all(services.filter(({ url }) => url !== gateway).map(startOne));
  await Promise.all(services.filter(({ url }) => url === gateway).map(startOne));
};

/** Returns the result of `work`; rejects if `signal` aborts first. */
const orAborted = async <T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> => {
  if (signal === undefined) return work;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('Stopped while starting.'));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', abort));
};

/** Waits until a service can do all its work; for the gateway, until every service reaches the shared database. */
const untilReady = (service: ServiceProcess, onNote: (line: string) => void): Promise<void> =>
  waitPatiently({
    what: `${service.name} to be ready`,
    onNote,
    async look() {
      if (service.unexpectedExits > 0) throw new Error(`${service.name} ended while starting. ${service.describeLog()}`);
      return missingFor(service.url);
    },
  });

/** Returns what a service still lacks to be ready; null if it is ready. */
const missingFor = async (url: string): Promise<string | null> => {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(askTimeoutMs) });
    const readiness = (await response.json()) as { sharedDatabase?: { status: string } };
    return response.ok && readiness.sharedDatabase?.status === 'ready' ? null : JSON.stringify(readiness);
  } catch (error) {
    return String(error);
  }
};
