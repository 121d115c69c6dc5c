import { escapeIdentifier, type Client } from 'pg';
import { codeOf, isAlreadyThere, undefinedSchema, undefinedTable } from './connection.ts';
import { identifier, leaseTable } from './names.ts';

/**
 * The right to change one schema. Two rows in `<schema>.schema_migration_lease`:
 * `lease` tells who holds it and until when, by the database's clock, and is renewed while the holder works;
 * `fence` tells the number of the newest holder, and every file's transaction writes it on condition that it is its own.
 * They are two, so that a long transaction at the fence does not keep its own holder from renewing the lease.
 */
export interface Lease {
  readonly schema: string;
  readonly holder: string;
  /** Raised by one each time that the lease changes hands. A text, because an int8 may be larger than a number. */
  readonly fencing: string;
}

export interface LeaseState {
  /** Null when nobody holds it. */
  readonly holder: string | null;
  readonly fencing: string;
  readonly secondsLeft: number;
  readonly secondsSinceHeartbeat: number;
}

const tableOf = (schema: string): string => `${identifier(schema)}.${leaseTable}`;

const isMissing = (error: unknown): boolean => codeOf(error) === undefinedTable || codeOf(error) === undefinedSchema;

/** What the lease is now; null while no schema or no lease was ever made. */
export const readLease = async (client: Client, schema: string): Promise<LeaseState | null> => {
  try {
    const { rows } = await client.query<LeaseState>(
      `SELECT holder, fencing::text AS fencing,
              extract(epoch FROM expires_at - clock_timestamp())::float8 AS "secondsLeft",
              extract(epoch FROM clock_timestamp() - heartbeat_at)::float8 AS "secondsSinceHeartbeat"
       FROM ${tableOf(schema)} WHERE id = 'lease'`,
    );
    return rows[0] ?? null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
};

const makingTriesMax = 20;

/** Two processes that make the same thing at once: `IF NOT EXISTS` fails for one of them, and is true the next time. */
const makeRepeatedly = async (client: Client, sql: string): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    try {
      await client.query(sql);
      return;
    } catch (error) {
      if (tries === makingTriesMax || !(isAlreadyThere(error) || codeOf(error) === '40001')) throw error;
    }
  }
};

const hasSchema = async (client: Client, schema: string): Promise<boolean> =>
  (await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema])).rowCount === 1;

/**
 * What is made in a schema belongs to who owns the schema: an administrator who migrates acts as that role, where allowed to,
 * so that the service can use what was made.
 */
export const actAsOwner = async (client: Client, schema: string): Promise<void> => {
  const { rows } = await client.query<{ owner: string }>(
    `SELECT pg_get_userbyid(nspowner) AS owner FROM pg_namespace
     WHERE nspname = $1 AND pg_get_userbyid(nspowner) <> current_user AND pg_has_role(current_user, nspowner, 'MEMBER')`,
    [schema],
  );
  const [found] = rows;
  if (found === undefined) return;
  await client.query(`SET ROLE ${escapeIdentifier(found.owner)}`).catch((error: unknown) => {
    // Since PostgreSQL 16 a member may be without the right to act as the role.
    if (codeOf(error) !== '42501') throw error;
  });
};

/** Makes the schema and the lease's rows when they are missing; any number of processes may do so at once. */
export const ensureLease = async (client: Client, schema: string): Promise<void> => {
  if ((await readLease(client, schema)) !== null) return;
  // Asking for one that is there wants the right to make one, which the owner of a single schema need not have.
  if (!(await hasSchema(client, schema))) await makeRepeatedly(client, `CREATE SCHEMA IF NOT EXISTS ${identifier(schema)}`);
  await makeRepeatedly(
    client,
    `CREATE TABLE IF NOT EXISTS ${tableOf(schema)} (
       id text NOT NULL, holder text, fencing int8 NOT NULL, expires_at timestamptz NOT NULL, heartbeat_at timestamptz NOT NULL,
       CONSTRAINT pk_${leaseTable} PRIMARY KEY (id))`,
  );
  await makeRepeatedly(
    client,
    `INSERT INTO ${tableOf(schema)} (id, holder, fencing, expires_at, heartbeat_at)
     VALUES ('lease', NULL, 0, clock_timestamp(), clock_timestamp()), ('fence', NULL, 0, clock_timestamp(), clock_timestamp())
     ON CONFLICT (id) DO NOTHING`,
  );
};

/** Takes the lease if it is free or over. One statement decides among all who try; null when another holds it. */
export const takeLease = async (client: Client, schema: string, holder: string, durationMs: number): Promise<Lease | null> => {
  const { rows } = await client.query<{ fencing: string }>(
    `UPDATE ${tableOf(schema)}
     SET holder = $1, fencing = fencing + 1, heartbeat_at = clock_timestamp(),
         expires_at = clock_timestamp() + $2::float8 * interval '1 millisecond'
     WHERE id = 'lease' AND (holder IS NULL OR expires_at <= clock_timestamp())
     RETURNING fencing::text AS fencing`,
    [holder, durationMs],
  );
  return rows[0] === undefined ? null : { schema, holder, fencing: rows[0].fencing };
};

/**
 * From here on no transaction of an earlier holder can commit: those that are open are waited for, all later ones find
 * another number. Call it before anything is read that decides what to do.
 */
export const raiseFence = async (client: Client, { schema, holder, fencing }: Lease): Promise<void> => {
  await client.query(
    `UPDATE ${tableOf(schema)} SET holder = $1, fencing = $2, heartbeat_at = clock_timestamp()
     WHERE id = 'fence' AND fencing < $2`,
    [holder, fencing],
  );
};

/** Prolongs the lease; false when it has been taken by another, for good. */
export const renewLease = async (client: Client, { schema, fencing }: Lease, durationMs: number): Promise<boolean> => {
  const { rowCount } = await client.query(
    `UPDATE ${tableOf(schema)}
     SET heartbeat_at = clock_timestamp(), expires_at = clock_timestamp() + $2::float8 * interval '1 millisecond'
     WHERE id = 'lease' AND fencing = $1`,
    [fencing, durationMs],
  );
  return rowCount === 1;
};

/** Gives it back, unless another has taken it. */
export const releaseLease = async (client: Client, { schema, fencing }: Lease): Promise<void> => {
  await client.query(
    `UPDATE ${tableOf(schema)} SET holder = NULL, expires_at = clock_timestamp() WHERE id = 'lease' AND fencing = $1`,
    [fencing],
  );
};

/**
 * Changes one row when the lease is still this one, and none otherwise. In the transaction of a file it is a lock as
 * well: whoever takes the lease meanwhile waits in `raiseFence` until this transaction has ended.
 */
export const fenceStatement = ({ schema, fencing }: Lease): string =>
  `UPDATE ${tableOf(schema)} SET heartbeat_at = clock_timestamp() WHERE id = 'fence' AND fencing = ${BigInt(fencing)};`;

/** How the server knows the sessions of a holder, so that its successor can have them ended. */
export const sessionName = ({ schema, fencing }: Pick<Lease, 'schema' | 'fencing'>): string =>
  `guildhall-migrate ${schema} ${fencing}`;
