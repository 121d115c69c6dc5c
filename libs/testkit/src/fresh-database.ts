import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import { serviceSchemas, type ServiceName } from '@guildhall/contracts/service-names';
import { detectEngine, type Engine } from '@guildhall/engine';
import { migrateUp, readMigrations } from '@guildhall/migrate';
import { Pool } from 'pg';

export interface FreshDatabase {
  readonly url: string;
  /** Ends its connections and removes it. */
  drop(): Promise<void>;
}

const connectTimeoutMs = 10_000;
const administratorsMax = 2;
const templateLockId = 4_711_001;
const servicesFolder = path.resolve(import.meta.dirname, '../../../services');

/** The address of the test run's server: set by the global set-up, or by a caller who chooses another server. */
export const testServerUrl = (): string => {
  const url = process.env['TEST_DATABASE_URL'] ?? process.env['GUILDHALL_TEST_SERVER_URL'];
  if (url === undefined) throw new Error('There is no test server: run vitest from the root, or set TEST_DATABASE_URL.');
  return url;
};

/** True if template databases may be used: only on the server that the run has started for itself. */
const isOwnServer = (): boolean => process.env['TEST_DATABASE_URL'] === undefined;

const databaseUrl = (name: string): string => {
  const url = new URL(testServerUrl());
  url.pathname = `/${name}`;
  return url.href;
};

let administrator: Pool | undefined;

/** The connections by which this process makes and drops databases. Idle ones do not keep the process alive. */
const administration = (): Pool => {
  if (administrator !== undefined) return administrator;
  administrator = new Pool({
    connectionString: testServerUrl(),
    connectionTimeoutMillis: connectTimeoutMs,
    max: administratorsMax,
    idleTimeoutMillis: 0,
    allowExitOnIdle: true,
  });
  administrator.on('error', () => undefined);
  return administrator;
};

let detected: Promise<Engine> | undefined;

/** The engine of the server that the tests run on, detected once for each process. */
export const serverEngine = (): Promise<Engine> => (detected ??= detectEngine(administration()));

/** The folder of a service's migrations. */
export const migrationsFolder = (service: ServiceName): string => path.join(servicesFolder, service, 'migrations');

const migrateServices = async (url: string, services: readonly ServiceName[]): Promise<void> => {
  for (const service of services) {
    await migrateUp({ databaseUrl: url, schema: serviceSchemas[service], folder: migrationsFolder(service) });
  }
};

const templateName = (services: readonly ServiceName[]): string => {
  const hash = createHash('sha256');
  for (const service of services) hash.update(JSON.stringify([service, readMigrations(migrationsFolder(service))]));
  return `guildhall_template_${hash.digest('hex').slice(0, 16)}`;
};

/** Creates a template database: one worker migrates it while the others wait. It is renamed when it is complete. */
const makeTemplate = async (services: readonly ServiceName[]): Promise<string> => {
  const template = templateName(services);
  const making = `${template}_making`;
  const client = await administration().connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [templateLockId]);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (rowCount === 0) {
      await client.query(`DROP DATABASE IF EXISTS ${making} WITH (FORCE)`);
      await client.query(`CREATE DATABASE ${making}`);
      await migrateServices(databaseUrl(making), services);
      await client.query(`ALTER DATABASE ${making} RENAME TO ${template}`);
    }
    return template;
  } finally {
    // Ends the connection, and with it the lock.
    client.release(true);
  }
};

const templates = new Map<string, Promise<string>>();

/** The templates that this worker has found or made. */
const templateOf = (services: readonly ServiceName[]): Promise<string> => {
  const key = services.join();
  const template = templates.get(key) ?? makeTemplate(services);
  templates.set(key, template);
  return template;
};

const dropDatabase = async (name: string): Promise<void> => {
  const engine = await serverEngine();
  await administration().query(engine.dropDatabase(name));
};

/**
 * Defaults of a database that was made for something else, in a server of this test run: whatever relies on a setting has to pin
 * it for its own sessions.
 */
const foreignDefaults = {
  datestyle: "'German, DMY'",
  intervalstyle: "'sql_standard'",
  bytea_output: "'escape'",
  extra_float_digits: '-10',
  standard_conforming_strings: 'off',
  timezone: "'Asia/Kathmandu'",
  search_path: "'nowhere'",
};

const setForeignDefaults = async (name: string): Promise<void> => {
  const settings = Object.entries(foreignDefaults).map(([setting, value]) => `ALTER DATABASE ${name} SET ${setting} = ${value}`);
  await administration().query(settings.join('; '));
};

/** An empty database of its own with the migrations of `services` applied. `[]` gives one without any. */
export const freshDatabase = async ({ services }: { readonly services: readonly ServiceName[] }): Promise<FreshDatabase> => {
  const name = `guildhall_test_${randomUUID().replaceAll('-', '')}`;
  const engine = await serverEngine();
  const hasTemplates = isOwnServer() && engine.hasTemplates;
  const isCopy = hasTemplates && services.length > 0;
  // The files are copied as they are: block by block through the log, the usual way, costs several times as much.
  const copying = `${isCopy ? ` TEMPLATE ${await templateOf(services)}` : ''}${hasTemplates ? ' STRATEGY file_copy' : ''}`;
  await administration().query(`CREATE DATABASE ${name}${copying}`);
  if (isOwnServer()) await setForeignDefaults(name);
  if (!isCopy) await migrateServices(databaseUrl(name), services);
  return { url: databaseUrl(name), drop: () => dropDatabase(name) };
};
