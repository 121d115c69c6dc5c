import type { DatabaseState } from '@guildhall/contracts';
import { createSharedDatabase, type MigrationCount, type SharedDatabase, type SharedDatabaseState } from '@guildhall/db';
import { AppError } from '@guildhall/errors';
import type { Logger, Readiness } from '@guildhall/http';
import { migrationNames } from '@guildhall/migrate';
import { startApplyingMigrations } from './apply-migrations.ts';
import { createQueueJobs, type QueueJobs } from './on-queue.ts';

/** Where the gateway says that the shared database is. */
export interface Address {
  readonly configurationId: string;
  readonly databaseUrl: string;
  readonly queueUrl: string;
}

export interface AttachmentParts {
  /** The service's own schema, and the files that lead to it. */
  readonly schema: string;
  readonly migrationsFolder: string;
  /** Shown in the server's list of sessions. */
  readonly applicationName: string;
  /** What the environment names; null: the gateway may say it later. */
  readonly databaseUrl: string | null;
  /** A queue that the environment names is used wherever the database is. */
  readonly queueUrl: string | null;
  readonly log: Logger;
}

/**
 * A service's tie to the shared database and its queue. The environment gives it for good, and then somebody else
 * migrates; or the gateway gives it, moves it and takes it away, and then the service migrates its own schema first.
 */
export interface Attachment {
  readonly database: SharedDatabase;
  isReady(): boolean;
  /** What /readyz answers: the state once every failure so far has been looked into. */
  readiness(): Promise<Readiness>;
  state(): DatabaseState;
  /** Begins to migrate and to use what is there; the same address again changes nothing. Throws CONFLICT. */
  connect(address: Address): void;
  /** Throws CONFLICT. */
  disconnect(): void;
  /** Runs a job on the queue wherever it is; see `QueueJobs.add`. */
  readonly onQueue: QueueJobs['add'];
  /** Ends the jobs on the queue first, then the database. */
  close(): Promise<void>;
}

/** How far it is on the way to a database that the gateway named. */
interface Arrival {
  readonly address: Address;
  readonly applying: { stop(): void };
  isMigrated: boolean;
  migrations: MigrationCount | null;
  detail: string;
  fault: string | null;
}

const beingApplied = 'migrations are being applied';

export const createAttachment = (parts: AttachmentParts): Attachment => {
  const { schema, migrationsFolder, databaseUrl, queueUrl, log } = parts;
  const migrationsExpected = migrationNames(migrationsFolder);
  const database = createSharedDatabase({ ...parts, url: databaseUrl, migrationsExpected });
  const jobs = createQueueJobs(queueUrl, log);
  let arrival: Arrival | null = null;

  const begin = (address: Address): Arrival => {
    const applying = startApplyingMigrations({
      target: { databaseUrl: address.databaseUrl, schema, folder: migrationsFolder },
      expected: migrationsExpected.length,
      onProgress: (count) => Object.assign(begun, { migrations: count, detail: beingApplied, fault: null }),
      onFailure: (fault, error) => {
        const detail = fault === null ? 'no connection' : 'the migrations cannot be applied';
        if (detail !== begun.detail) log.warn({ err: error, schema }, 'the migrations cannot be applied yet; trying on');
        Object.assign(begun, { detail, fault });
      },
      onDone: () => {
        begun.isMigrated = true;
        database.moveTo(address.databaseUrl);
      },
    });
    const begun: Arrival = { address, applying, isMigrated: false, migrations: null, detail: beingApplied, fault: null };
    return begun;
  };
  const leave = (): void => {
    arrival?.applying.stop();
    arrival = null;
    database.moveTo(null);
  };
  const mustBeOurs = (): void => {
    if (databaseUrl !== null)
      throw new AppError('CONFLICT', 'The environment of this service names its database: change it there.');
  };

  return {
    database,
    isReady: () => database.state().status === 'ready',
    readiness: async () => {
      const settled = await database.settledState();
      return readinessOf(stateOf(parts, database, arrival, settled));
    },
    state: () => ({ ...stateOf(parts, database, arrival), migrationNames: [...migrationsExpected] }),
    connect: (address) => {
      mustBeOurs();
      if (arrival?.address.configurationId === address.configurationId) return;
      leave();
      arrival = begin(address);
      jobs.moveTo(queueUrl ?? address.queueUrl);
      log.info({ configurationId: address.configurationId }, 'connecting to the shared database that the gateway named');
    },
    disconnect: () => {
      mustBeOurs();
      if (arrival === null) return;
      leave();
      jobs.moveTo(queueUrl);
      log.info('disconnected from the shared database');
    },
    onQueue: jobs.add,
    close: async () => {
      arrival?.applying.stop();
      await jobs.close();
      await database.close();
    },
  };
};

const stateOf = (
  { databaseUrl }: AttachmentParts,
  database: SharedDatabase,
  arrival: Arrival | null,
  { status, detail }: SharedDatabaseState = database.state(),
): DatabaseState => {
  const isOnTheWay = arrival !== null && !arrival.isMigrated;
  return {
    source: databaseUrl !== null ? 'environment' : arrival === null ? null : 'installation',
    configurationId: arrival?.address.configurationId ?? null,
    ...(isOnTheWay
      ? { status: arrival.detail === beingApplied ? 'migrating' : 'unavailable', detail: arrival.detail }
      : { status, ...(detail === undefined ? {} : { detail }) }),
    migrations: isOnTheWay ? arrival.migrations : (database.migrations() ?? arrival?.migrations ?? null),
    fault: arrival?.fault ?? null,
  };
};

const readinessOf = ({ source, configurationId, status, detail, migrations }: DatabaseState): Readiness => ({
  isReady: status === 'ready',
  sharedDatabase: {
    source,
    configurationId,
    migrations,
    ...(detail === undefined ? {} : { detail }),
    status: status === 'migrating' ? 'connecting' : status,
  },
});
