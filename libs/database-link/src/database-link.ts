import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { release as version, type DatabaseState, type ProcessState } from '@guildhall/contracts';
import {
  createSharedDatabase,
  noConnection,
  notConfigured,
  onGatherFailed,
  unavailable,
  type MigrationCount,
  type SharedDatabase,
  type SharedDatabaseState,
} from '@guildhall/db';
import { AppError } from '@guildhall/errors';
import type { Logger, Metrics, Readiness } from '@guildhall/http';
import { migrationNames, schemaStatus, type SchemaStatus } from '@guildhall/migrate';
import { startApplyingMigrations } from './apply-migrations.ts';
import { measurePool } from './measure.ts';
import { createQueueJobs, type QueueJobs } from './queue-jobs.ts';

/** The configuration that the gateway sends: the addresses of the shared database and of its queue. */
export interface DatabaseConfiguration {
  readonly configurationId: string;
  readonly databaseUrl: string;
  readonly queueUrl: string;
}

export interface DatabaseLinkParts {
  /** The service's own schema, and the folder of its migrations. */
  readonly schema: string;
  readonly migrationsFolder: string;
  /** Shown in the server's list of sessions. */
  readonly applicationName: string;
  /** The database that the environment names; null: the gateway may configure one later. */
  readonly databaseUrl: string | null;
  /** The queue that the environment names; it is used with every database. Null: the gateway configures it with the database. */
  readonly queueUrl: string | null;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * A managed connection: the link of a service to the shared database and its queue, reconfigurable while the service
 * runs. An address from the environment is final, and its migrations are applied by the operator. An address from the
 * gateway can be replaced and removed; the service applies its own migrations before it uses that database.
 */
export interface DatabaseLink {
  readonly database: SharedDatabase;
  isReady(): boolean;
  /** The answer of /readyz: the state after a running health check of a failed connection, at most a second later. */
  readiness(): Promise<Readiness>;
  /**
   * Resolves when the database is ready, has answered that it cannot be used, or has refused the connection; at once where none is configured. Silence tells nothing while processes
   * start and the machine is busy: it is waited out, ten seconds at most. Waited for before listening: a replica that joins others behind one name refuses nobody because it is
   * still connecting.
   */
  untilKnown(): Promise<void>;
  state(): DatabaseState;
  /** This process: its release, when it was started, and its connections. */
  process(): Omit<ProcessState, 'queues'>;
  /** Reads what was recorded of the migrations of its schema. Throws NOT_CONFIGURED or SHARED_DB_UNAVAILABLE. */
  readMigrations(): Promise<Pick<SchemaStatus, 'states' | 'fault'>>;
  /** Starts to migrate and then to use a database. The configuration that is in use already changes nothing. Throws CONFLICT. */
  connect(configuration: DatabaseConfiguration): void;
  /** Stops using the database that the gateway configured. Throws CONFLICT if the environment configures it. */
  disconnect(): void;
  /** Runs a job on the queue that is configured, and on each one configured later; see `QueueJobs.add`. */
  readonly onQueue: QueueJobs['add'];
  /** Closes the jobs on the queue first, then the database. */
  close(): Promise<void>;
}

/** The database that the gateway configured, and how far its migrations are. */
interface ManagedDatabase {
  readonly configuration: DatabaseConfiguration;
  readonly applying: { stop(): void };
  isMigrated: boolean;
  migrations: MigrationCount | null;
  detail: string;
  fault: string | null;
}

const beingApplied = 'migrations are being applied';

/** Applies the service's migrations to a database that the gateway configured, until that succeeds or is stopped. */
const startMigrating = (
  configuration: DatabaseConfiguration,
  { schema, migrationsFolder, log }: DatabaseLinkParts,
  { expected, onDone }: { readonly expected: number; readonly onDone: () => void },
): ManagedDatabase => {
  const applying = startApplyingMigrations({
    target: { databaseUrl: configuration.databaseUrl, schema, folder: migrationsFolder },
    expected,
    onProgress: (count) => Object.assign(started, { migrations: count, detail: beingApplied, fault: null }),
    onFailure: (fault, error) => {
      const detail = fault === null ? noConnection : 'the migrations cannot be applied';
      if (detail !== started.detail) log.warn({ err: error, schema }, 'the migrations could not be applied; trying again');
      Object.assign(started, { detail, fault });
    },
    onDone: () => {
      started.isMigrated = true;
      onDone();
    },
  });
  const started: ManagedDatabase = {
    configuration,
    applying,
    isMigrated: false,
    migrations: null,
    detail: beingApplied,
    fault: null,
  };
  return started;
};

export const createDatabaseLink = (parts: DatabaseLinkParts): DatabaseLink => {
  const { migrationsFolder, databaseUrl, queueUrl, log } = parts;
  const migrationsExpected = migrationNames(migrationsFolder);
  const database = createSharedDatabase({ ...parts, url: databaseUrl, migrationsExpected });
  measurePool(parts.metrics, database);
  const jobs = createQueueJobs(queueUrl, log);
  const unsubscribe = onGatherFailed((err) => log.warn({ err }, 'a gathered statement failed; its asks are sent one by one'));
  let managed: ManagedDatabase | null = null;

  const release = (): void => {
    managed?.applying.stop();
    managed = null;
    database.moveTo(null);
  };
  const requireManaged = (): void => {
    if (databaseUrl !== null)
      throw new AppError('CONFLICT', "The database of this service is configured by the service's environment: change it there.");
  };

  return {
    database,
    isReady: () => database.state().status === 'ready',
    readiness: async () => {
      const settled = await database.settledState();
      return readinessOf(stateOf(parts, database, managed, settled));
    },
    untilKnown: () => untilKnown(database),
    state: () => ({ ...stateOf(parts, database, managed), migrationNames: [...migrationsExpected] }),
    process: createProcessReader(database),
    readMigrations: () => readMigrations(databaseUrl ?? managed?.configuration.databaseUrl ?? null, parts),
    connect: (configuration) => {
      requireManaged();
      const { configurationId } = configuration;
      if (managed?.configuration.configurationId === configurationId) return;
      release();
      managed = startMigrating(configuration, parts, {
        expected: migrationsExpected.length,
        onDone: () => database.moveTo(configuration.databaseUrl),
      });
      jobs.moveTo(queueUrl ?? configuration.queueUrl);
      log.info({ configurationId }, 'connecting to the shared database that the gateway configured');
    },
    disconnect: () => {
      requireManaged();
      if (managed === null) return;
      release();
      jobs.moveTo(queueUrl);
      log.info('disconnected from the shared database');
    },
    onQueue: jobs.add,
    close: async () => {
      managed?.applying.stop();
      await jobs.close();
      await database.close();
      unsubscribe();
    },
  };
};

/** Some five attempts to connect. */
const knownWithinMs = 10_000;

const isKnown = ({ status, detail }: SharedDatabaseState): boolean =>
  status !== 'connecting' && !(status === 'unavailable' && detail === noConnection);

const untilKnown = async ({ state, onChange }: SharedDatabase): Promise<void> => {
  const known = Promise.withResolvers<void>();
  const look = (): void => {
    if (isKnown(state())) known.resolve();
  };
  const unsubscribe = onChange(look);
  look();
  await Promise.race([known.promise, delay(knownWithinMs, undefined, { ref: false })]);
  unsubscribe();
};

/** Reads this process. Its id is made anew at each start, and tells replicas apart. */
const createProcessReader = ({ poolUsage }: SharedDatabase): DatabaseLink['process'] => {
  const identity = { instanceId: randomUUID(), startedAt: new Date().toISOString(), version };
  return () => ({ ...identity, pool: poolUsage() });
};

const readMigrations = async (
  databaseUrl: string | null,
  { schema, migrationsFolder: folder, log }: Pick<DatabaseLinkParts, 'schema' | 'migrationsFolder' | 'log'>,
) => {
  if (databaseUrl === null) throw notConfigured();
  try {
    const { states, fault } = await schemaStatus({ databaseUrl, schema, folder });
    return { states, fault };
  } catch (error) {
    log.warn({ err: error, schema }, 'the records of the migrations could not be read');
    throw unavailable(error);
  }
};

const stateOf = (
  { databaseUrl }: DatabaseLinkParts,
  database: SharedDatabase,
  managed: ManagedDatabase | null,
  { status, detail }: SharedDatabaseState = database.state(),
): DatabaseState => {
  const isMigrating = managed !== null && !managed.isMigrated;
  return {
    source: databaseUrl !== null ? 'environment' : managed === null ? null : 'installation',
    configurationId: managed?.configuration.configurationId ?? null,
    ...(isMigrating
      ? { status: managed.detail === beingApplied ? 'migrating' : 'unavailable', detail: managed.detail }
      : { status, ...(detail === undefined ? {} : { detail }) }),
    migrations: isMigrating ? managed.migrations : (database.migrations() ?? managed?.migrations ?? null),
    fault: managed?.fault ?? null,
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
