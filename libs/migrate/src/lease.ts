import { escapeIdentifier, type Client } from 'pg';
import { codeOf, isAlreadyThere, undefinedSchema, undefinedTable } from './connection.ts';
import { identifier, leaseTable } from './names.ts';

/**
 * A lease with a fencing token: the exclusive right to change one schema. It is two rows in `<schema>.schema_migration_lease`:
 * `lease` names the holder and when the lease expires, by the database's clock, and is renewed while the holder works; `fence`
 * holds the number of the newest holder, and the transaction of each file updates it on condition that the number is its own.
 * There are two rows, so that a long transaction at the fence does not keep its own holder from renewing the lease.
 */
export interface Lease {
  readonly schema: string;
  readonly holder: string;
  /**
   * The fencing token: raised by one each time the lease changes hands. A text, because an int8 may be larger than a number.
   */
  readonly fencing: string;
}

export interface LeaseState {
  /** Null if the lease is free. */
  readonly holder: string | null;
  readonly fencing: string;
  readonly secondsLeft: number;
  readonly secondsSinceHeartbeat: number;
}

const tableOf = (schema: string): string => `${identifier(schema)}.${leaseTable}`;

const isMissing = (error: unknown): boolean => codeOf(error) === undefinedTable || codeOf(error) === undefinedSchema;

/** Reads the state of the lease; null if the schema or the lease does not exist yet. */
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

const serializationFailure = '40001';
const makingTriesMax = 20;

/** Runs an `IF NOT EXISTS` statement, and again if a concurrent one made it fail: then it succeeds. */
const makeRepeatedly = async (client: Client, sql: string): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    try {
      await client.query(sql);
      return;
    } catch (error) {
      if (tries === makingTriesMax || !(isAlreadyThere(error) || codeOf(error) === serializationFailure)) throw error;
    }
  }
};

const hasSchema = async (client: Client, schema: string): Promise<boolean> =>
  (await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema])).rowCount === 1;

/**
 * Switches to the role that owns the schema, if permitted, so that objects that an administrator creates belong to the
 * service. True if it switched.
 */
export const actAsOwner = async (client: Client, schema: string): Promise<boolean> => {
  const { rows } = await client.query<{ owner: string }>(
    `SELECT pg_get_userbyid(nspowner) AS owner FROM pg_namespace
     WHERE nspname = $1 AND pg_get_userbyid(nspowner) <> current_user AND pg_has_role(current_user, nspowner, 'MEMBER')`,
    [schema],
  );
  const [found] = rows;
  if (found === undefined) return false;
  return client.query(`SET ROLE ${escapeIdentifier(found.owner)}`).then(
    () => true,
    (error: unknown) => {
      // Since PostgreSQL 16 a member may be without the right to act as the role.
      if (codeOf(error) !== '42501') throw error;
      return false;
    },
  );
};

/** Creates the schema and the rows of the lease if they are missing; any number of processes may do so at once. */
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

const takingText = (schema: string): string =>
  `UPDATE ${tableOf(schema)}
   SET holder = $1, fencing = fencing + 1, heartbeat_at = clock_timestamp(),
       expires_at = clock_timestamp() + $2::float8 * interval '1 millisecond'
   WHERE id = 'lease' AND (holder IS NULL OR expires_at <= clock_timestamp())
   RETURNING fencing::text AS fencing`;

/**
 * Takes the lease if it is free or expired; null if another holds it, or takes it at this moment. One statement decides among
 * all who try: under SERIALIZABLE those who lose get a serialization failure (SQLSTATE 40001) in place of no row.
 */
export const takeLease = async (client: Client, schema: string, holder: string, durationMs: number): Promise<Lease | null> => {
  const { rows } = await client.query<{ fencing: string }>(takingText(schema), [holder, durationMs]).catch((error: unknown) => {
    if (codeOf(error) === serializationFailure) return { rows: [] };
    throw error;
  });
  return rows[0] === undefined ? null : { schema, holder, fencing: rows[0].fencing };
};

/**
 * Raises the fence: waits for the open transactions of earlier holders, and makes every later commit of theirs fail. Call it
 * before anything is read that decides what to do.
 */
export const raiseFence = async (client: Client, { schema, holder, fencing }: Lease): Promise<void> => {
  await client.query(
    `UPDATE ${tableOf(schema)} SET holder = $1, fencing = $2, heartbeat_at = clock_timestamp()
     WHERE id = 'fence' AND fencing < $2`,
    [holder, fencing],
  );
};

/** Renews the lease; false if another has taken it, which is final. */
export const renewLease = async (client: Client, { schema, fencing }: Lease, durationMs: number): Promise<boolean> => {
  const { rowCount } = await client.query(
    `UPDATE ${tableOf(schema)}
     SET heartbeat_at = clock_timestamp(), expires_at = clock_timestamp() + $2::float8 * interval '1 millisecond'
     WHERE id = 'lease' AND fencing = $1`,
    [fencing, durationMs],
  );
  return rowCount === 1;
};

/** Releases the lease, unless another has taken it. */
export const releaseLease = async (client: Client, { schema, fencing }: Lease): Promise<void> => {
  await client.query(
    `UPDATE ${tableOf(schema)} SET holder = NULL, expires_at = clock_timestamp() WHERE id = 'lease' AND fencing = $1`,
    [fencing],
  );
};

/**
 * The statement that checks the fencing token: it updates one row if the lease is still this one, otherwise none. In the
 * transaction of a file it also locks the row: a successor waits in `raiseFence` until this transaction has ended.
 */
export const fenceStatement = ({ schema, fencing }: Lease): string =>
  `UPDATE ${tableOf(schema)} SET heartbeat_at = clock_timestamp() WHERE id = 'fence' AND fencing = ${BigInt(fencing)};`;

/** The application name of a holder's sessions, by which its successor finds and ends them. */
export const sessionName = ({ schema, fencing }: Pick<Lease, 'schema' | 'fencing'>): string =>
  `guildhall-migrate ${schema} ${fencing}`;
