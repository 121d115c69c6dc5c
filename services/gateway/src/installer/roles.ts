import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { escapeIdentifier, escapeLiteral, type Client } from 'pg';
import { scramVerifier } from './scram-verifier.ts';
import { codeOf } from './session.ts';

/** The role that owns one schema of the database. */
export interface Owner {
  readonly schema: string;
  readonly role: string;
  readonly password: string;
}

const identifierBytesMax = 63;

/** The name of a role. Roles belong to the whole server, so it contains the database's name: two installations share none. */
export const roleName = (database: string, part: string): string => {
  const plain = `${database}_${part}`;
  if (Buffer.byteLength(plain) <= identifierBytesMax) return plain;
  return `guildhall_${createHash('sha256').update(database).digest('hex').slice(0, 16)}_${part}`;
};

/** The SQLSTATEs of a concurrent change: duplicate objects and rows, a serialization failure, a tuple in use. */
const transientCodes = new Set(['42710', '42P06', '23505', '40001', '40P01', 'XX000']);
const triesMax = 20;
const pauseMs = 25;

const retryTransient = async (client: Client, statement: string): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    try {
      await client.query(statement);
      return;
    } catch (error) {
      if (tries === triesMax || !transientCodes.has(codeOf(error))) throw error;
      await pause(pauseMs * (0.5 + Math.random()));
    }
  }
};

/** Checks whether the role exists. Throws if it has more rights than a service should. */
const roleExists = async (client: Client, role: string): Promise<boolean> => {
  const { rows } = await client.query<{ is_privileged: boolean }>(
    'SELECT rolsuper OR rolcreaterole OR rolcreatedb AS is_privileged FROM pg_roles WHERE rolname = $1',
    [role],
  );
  if (rows[0]?.is_privileged === true)
    throw new Error(
      `The server has a role ${role} that may do more than a service should. Rename it, or take these rights from it.`,
    );
  return rows.length === 1;
};

/** Creates a role that may log in and nothing else, or sets its password if it exists. */
const makeRole = async (client: Client, { role, password }: Owner, database: string): Promise<void> => {
  const name = escapeIdentifier(role);
  if (!(await roleExists(client, role))) {
    await client.query(`CREATE ROLE ${name} LOGIN`).catch((error: unknown) => {
      if (!transientCodes.has(codeOf(error))) throw error;
    });
  }
  await retryTransient(client, `ALTER ROLE ${name} WITH LOGIN PASSWORD ${escapeLiteral(scramVerifier(password))}`);
  await retryTransient(client, `GRANT ${name} TO CURRENT_USER`);
  await retryTransient(client, `GRANT CONNECT ON DATABASE ${escapeIdentifier(database)} TO ${name}`);
};

/** Generates the statements that change the owner of everything in a schema. */
const changeOwnerStatements = `
  SELECT format('ALTER TABLE %I.%I OWNER TO %I', space.nspname, object.relname, $2::text) AS statement
  FROM pg_class AS object JOIN pg_namespace AS space ON space.oid = object.relnamespace
  WHERE space.nspname = $1
    AND (object.relkind IN ('r', 'p', 'v', 'm') OR (object.relkind = 'S' AND NOT EXISTS (
      SELECT 1 FROM pg_depend AS tie WHERE tie.objid = object.oid AND tie.deptype IN ('a', 'i'))))
    AND pg_get_userbyid(object.relowner) <> $2
  UNION ALL
  SELECT format('ALTER ROUTINE %s OWNER TO %I', routine.oid::regprocedure, $2::text)
  FROM pg_proc AS routine JOIN pg_namespace AS space ON space.oid = routine.pronamespace
  WHERE space.nspname = $1 AND pg_get_userbyid(routine.proowner) <> $2
  UNION ALL
  SELECT format('ALTER TYPE %I.%I OWNER TO %I', space.nspname, kind.typname, $2::text)
  FROM pg_type AS kind JOIN pg_namespace AS space ON space.oid = kind.typnamespace
  WHERE space.nspname = $1 AND kind.typtype IN ('e', 'd') AND pg_get_userbyid(kind.typowner) <> $2`;

const ownSchema = async (client: Client, { schema, role }: Owner): Promise<void> => {
  const [space, owner] = [escapeIdentifier(schema), escapeIdentifier(role)];
  await retryTransient(client, `CREATE SCHEMA IF NOT EXISTS ${space} AUTHORIZATION ${owner}`);
  await retryTransient(client, `ALTER SCHEMA ${space} OWNER TO ${owner}`);
  await retryTransient(client, `REVOKE ALL ON SCHEMA ${space} FROM PUBLIC`);
  const { rows } = await client.query<{ statement: string }>(changeOwnerStatements, [schema, role]);
  for (const { statement } of rows) await retryTransient(client, statement);
};

/** Creates the role and the schema if they do not exist, and makes the role the owner of everything in the schema. */
export const makeOwner = async (client: Client, owner: Owner, database: string): Promise<void> => {
  await makeRole(client, owner, database);
  await ownSchema(client, owner);
};

/** Grants a role the right to create schemas, for a program that runs CREATE SCHEMA at each start. */
export const grantCreateSchemas = (client: Client, role: string, database: string): Promise<void> =>
  retryTransient(client, `GRANT CREATE ON DATABASE ${escapeIdentifier(database)} TO ${escapeIdentifier(role)}`);
