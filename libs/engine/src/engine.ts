import { textIn, type Asked } from './asked.ts';

export type EngineName = 'PostgreSQL' | 'CockroachDB';

/** What differs between the two engines, seen from this program. */
export interface Engine {
  readonly name: EngineName;
  /** As the server writes it: 15.18, 24.3.1. */
  readonly version: string;
  /** Sent once on each connection that changes a schema. */
  readonly migrationSettings: readonly string[];
  /** Whether a transaction that fails takes back its schema changes too. */
  readonly takesSchemaBack: boolean;
  /** Whether a database can be copied from another: CREATE DATABASE … TEMPLATE. */
  readonly hasTemplates: boolean;
  /** Whether the catalog describes itself in the words of the committed schema.sql. */
  readonly wordsCatalogAsPostgres: boolean;
  /** The statement that removes a database although somebody is connected to it. `name` is an identifier already. */
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
    // Its transactions do not hold several schema changes: with this each one commits what is open before it. On by itself
    // only since 25.1. PostgreSQL refuses a connection string that names it, which is why it is sent and not configured.
    migrationSettings: ['SET autocommit_before_ddl = on'],
    takesSchemaBack: false,
    hasTemplates: false,
    // Types, defaults and index definitions have other words there (`now():::TIMESTAMPTZ`, `(id ASC)`).
    wordsCatalogAsPostgres: false,
    // It has no FORCE and needs none: sessions may go on, their database is gone. CASCADE is needed for one that holds tables.
    dropDatabase: (name) => `DROP DATABASE IF EXISTS ${name} CASCADE`,
  },
};

const versionPattern = /^(PostgreSQL|CockroachDB)\b\D*?v?(\d[\w.-]*)/;

const isEngineName = (name: string | undefined): name is EngineName => name === 'PostgreSQL' || name === 'CockroachDB';

/** Reads what `SELECT version()` answered. Throws an Error that quotes it when it is neither engine. */
export const engineOf = (versionText: string): Engine => {
  const [, name, version] = versionPattern.exec(versionText) ?? [];
  if (!isEngineName(name) || version === undefined)
    throw new Error(`This server is neither PostgreSQL nor CockroachDB; it calls itself: ${versionText}`);
  return { name, version, ...differences[name] };
};

const known = new WeakMap<Asked, Engine>();

/** Asks the server once for each connection. Throws an Error when it is neither engine. */
export const detectEngine = async (client: Asked): Promise<Engine> => {
  const asked = known.get(client);
  if (asked !== undefined) return asked;
  const { rows } = await client.query('SELECT version() AS version');
  const engine = engineOf(textIn(rows[0], 'version'));
  known.set(client, engine);
  return engine;
};
