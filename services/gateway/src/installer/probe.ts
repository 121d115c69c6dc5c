import { serviceSchemas } from '@guildhall/contracts';
import { detectEngine, type Engine } from '@guildhall/engine';
import type { Client } from 'pg';

/** The result of probing a database: the preflight check of an installation. */
export interface DatabaseProbe {
  readonly engine: Engine;
  readonly isUtf8: boolean;
  readonly isReadOnly: boolean;
  readonly canCreateSchemas: boolean;
  readonly canCreateRoles: boolean;
  /** Whether the user may grant CREATE on the database to a role that it creates. */
  readonly canGrantCreate: boolean;
  /** The recorded migrations of each service's schema. A schema that does not exist is absent. */
  readonly recorded: ReadonlyMap<string, readonly string[]>;
  /** The services' schemas in which this user may create and use objects. */
  readonly usable: ReadonlySet<string>;
  readonly latencyMs: number;
}

const schemas = Object.values(serviceSchemas);
const latencyProbes = 5;

const ask = async <Row>(client: Client, text: string, values: readonly unknown[] = []): Promise<readonly Row[]> =>
  (await client.query(text, [...values])).rows as Row[];

const isReadOnly = async (client: Client): Promise<boolean> => {
  const [row] = await ask<{ transaction_read_only: string }>(client, 'SHOW transaction_read_only');
  return row?.transaction_read_only === 'on';
};

const isUtf8 = async (client: Client): Promise<boolean> => {
  const [row] = await ask<{ server_encoding: string }>(client, 'SHOW server_encoding');
  return /^utf-?8$/i.test(row?.server_encoding ?? '');
};

interface Rights {
  readonly schemas: boolean;
  readonly grantCreate: boolean;
  readonly roles: boolean;
}

const rightsIn = async (client: Client): Promise<Rights> => {
  const [row] = await ask<Rights>(
    client,
    `SELECT has_database_privilege(current_database(), 'CREATE') AS schemas,
            has_database_privilege(current_database(), 'CREATE WITH GRANT OPTION') AS "grantCreate",
            coalesce((SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user), false) AS roles`,
  );
  return row ?? { schemas: false, grantCreate: false, roles: false };
};

const usableSchemas = async (client: Client): Promise<ReadonlySet<string>> => {
  const rows = await ask<{ name: string }>(
    client,
    `SELECT nspname AS name FROM pg_namespace
     WHERE nspname = ANY($1) AND has_schema_privilege(nspname, 'CREATE') AND has_schema_privilege(nspname, 'USAGE')`,
    [schemas],
  );
  return new Set(rows.map(({ name }) => name));
};

const recordedIn = async (client: Client): Promise<ReadonlyMap<string, readonly string[]>> => {
  const tables = await ask<{ schema: string; readable: boolean }>(
    client,
    `SELECT table_schema AS schema, has_table_privilege(format('%I.%I', table_schema, table_name), 'SELECT') AS readable
     FROM information_schema.tables WHERE table_name = 'schema_migrations' AND table_schema = ANY($1)`,
    [schemas],
  );
  const recorded = new Map<string, readonly string[]>();
  for (const { schema, readable } of tables) {
    if (!readable) continue;
    const rows = await ask<{ name: string }>(client, `SELECT name FROM "${schema}".schema_migrations ORDER BY name`);
    recorded.set(
      schema,
      rows.map(({ name }) => name),
    );
  }
  return recorded;
};

const median = (values: readonly number[]): number => values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;

const latencyOf = async (client: Client): Promise<number> => {
  const times: number[] = [];
  for (let probe = 0; probe < latencyProbes; probe += 1) {
    const startedAt = performance.now();
    await client.query('SELECT 1');
    times.push(performance.now() - startedAt);
  }
  return Math.round(median(times) * 10) / 10;
};

/** Probes a database without changing it. Throws the connection's or the server's error, and an Error for another engine. */
export const probeDatabase = async (client: Client): Promise<DatabaseProbe> => {
  const engine = await detectEngine(client);
  const rights = await rightsIn(client);
  return {
    engine,
    isUtf8: await isUtf8(client),
    isReadOnly: await isReadOnly(client),
    canCreateSchemas: rights.schemas,
    canCreateRoles: rights.roles,
    canGrantCreate: rights.grantCreate,
    recorded: await recordedIn(client),
    usable: await usableSchemas(client),
    latencyMs: await latencyOf(client),
  };
};

/** Checks whether each service can have its own role. The role of a queue in the database must be able to create schemas. */
export const canCreateOwnerRoles = ({ canCreateRoles, canGrantCreate }: DatabaseProbe, isQueueInside: boolean): boolean =>
  canCreateRoles && (canGrantCreate || !isQueueInside);
