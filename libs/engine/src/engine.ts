import { textIn, type Asked } from './asked.ts';

export type EngineName = 'PostgreSQL' | 'CockroachDB';

/** The differences between PostgreSQL and CockroachDB that matter to this program. */
export interface Engine {
  readonly name: EngineName;
  /** The server's version in its own form: 15.18, 24.3.1. */
  readonly version: string;
  /** Sent once on each connection that changes a schema. */
  readonly migrationSettings: readonly string[];
  /** True if a failed transaction also rolls back its schema changes. */
  readonly takesSchemaBack: boolean;
  /** True if a database can be copied from another: CREATE DATABASE … TEMPLATE. */
  readonly hasTemplates: boolean;
  /** True if the catalog describes types, defaults and indexes as the committed schema.sql does. */
  readonly wordsCatalogAsPostgres: boolean;
  /** The statement that drops a database with open connections. `name` is already quoted as an identifier. */
  dropDatabase(name: string): string;
}

type Differences = Omit<Engine, 'name' | 'version'>;

const differences: Readonly<Record<EngineName, Differences>> = {
  PostgreSQL: {
    migrationSettings: [],
    takesSchemaBack: true,
    hasTemplates: true,
    wordsCatalogAsPostgres: true,
    dropDatabase: (name) => `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`,
  },
  CockroachDB: {
    // CockroachDB allows one schema change in a transaction: with this setting, each one commits the statements before it.
    // It is the default since 25.1. PostgreSQL rejects it in a connection string, so it is sent as a statement.
    migrationSettings: ['SET autocommit_before_ddl = on'],
    takesSchemaBack: false,
    hasTemplates: false,
    // CockroachDB writes types, defaults and index definitions differently (`now():::TIMESTAMPTZ`, `(id ASC)`).
    wordsCatalogAsPostgres: false,
    // CockroachDB has no FORCE and needs none: sessions continue without their database. CASCADE drops the tables, too.
    dropDatabase: (name) => `DROP DATABASE IF EXISTS ${name} CASCADE`,
  },
};

const versionPattern = /^(PostgreSQL|CockroachDB)\b\D*?v?(\d[\w.-]*)/;

const isEngineName = (name: string | undefined): name is EngineName => name === 'PostgreSQL' || name === 'CockroachDB';

/** Parses the answer of `SELECT version()`. Throws an Error that quotes it if it is neither engine. */
export const engineOf = (versionText: string): Engine => {
  const [, name, version] = versionPattern.exec(versionText) ?? [];
  if (!isEngineName(name) || version === undefined)
    throw new Error(`This server is neither PostgreSQL nor CockroachDB; it calls itself: ${versionText}`);
  return { name, version, ...differences[name] };
};

const known = new WeakMap<Asked, Engine>();

/** Detects the engine of a connection. Throws an Error if it is neither. */
export const detectEngine = async (client: Asked): Promise<Engine> => {
  const asked = known.get(client);
  if (asked !== undefined) return asked;
  const { rows } = await client.query('SELECT version() AS version');
  const engine = engineOf(textIn(rows[0], 'version'));
  known.set(client, engine);
  return engine;
};
