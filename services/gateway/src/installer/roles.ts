import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { escapeIdentifier, escapeLiteral, type Client } from 'pg';
import { scramVerifier } from './scram-verifier.ts';
import { codeOf } from './session.ts';

/** Who owns one schema of the database. */
export interface Owner {
  readonly schema: string;
  readonly role: string;
  readonly password: string;
}

const identifierBytesMax = 63;

/** Roles belong to the whole server: they are named after the database, so that two installations do not share them. */
export const roleName = (database: string, part: string): string => {
  const plain = `${database}_${part}`;
  if (Buffer.byteLength(plain) <= identifierBytesMax) return plain;
  return `guildhall_${createHash('sha256').update(database).digest('hex').slice(0, 16)}_${part}`;
};

/** Somebody else made or changed the same thing at this moment: duplicate objects and rows, a serialization failure, a tuple in use. */
const passing = new Set(['42710', '42P06', '23505', '40001', '40P01', 'XX000']);
const triesMax = 20;
const pauseMs = 25;

const insist = async (client: Client, statement: string): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    try {
      await client.query(statement);
      return;
    } catch (error) {
      if (tries === triesMax || !passing.has(codeOf(error))) throw error;
      await pause(pauseMs * (0.5 + Math.random()));
    }
  }
};

/** Throws for a role of this name that somebody made for more than one schema. */
const exists = async (client: Client, role: string): Promise<boolean> => {
  const { rows } = await client.query<{ is_mighty: boolean }>(
    'SELECT rolsuper OR rolcreaterole OR rolcreatedb AS is_mighty FROM pg_roles WHERE rolname = $1',
    [role],
  );
  if (rows[0]?.is_mighty === true)
    throw new Error(
      `The server has a role ${role} that may do more than a service should. Rename it, or take these rights from it.`,
    );
  return rows.length === 1;
};

/** A role that may log in and nothing else, with this password from now on. */
const makeRole = async (client: Client, { role, password }: Owner, database: string): Promise<void> => {
  const name = escapeIdentifier(role);
  if (!(await exists(client, role))) {
    await client.query(`CREATE ROLE ${name} LOGIN`).catch((error: unknown) => {
      if (!passing.has(codeOf(error))) throw error;
    });
  }
  await insist(client, `ALTER ROLE ${name} WITH LOGIN PASSWORD ${escapeLiteral(scramVerifier(password))}`);
  await insist(client, `GRANT ${name} TO CURRENT_USER`);
  await insist(client, `GRANT CONNECT ON DATABASE ${escapeIdentifier(database)} TO ${name}`);
};

/** The statements that hand on what lies in a schema and belongs to somebody else. */
const handingOn = `
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
  await insist(client, `CREATE SCHEMA IF NOT EXISTS ${space} AUTHORIZATION ${owner}`);
  await insist(client, `ALTER SCHEMA ${space} OWNER TO ${owner}`);
  await insist(client, `REVOKE ALL ON SCHEMA ${space} FROM PUBLIC`);
  const { rows } = await client.query<{ statement: string }>(handingOn, [schema, role]);
  for (const { statement } of rows) await insist(client, statement);
};

/** Makes the role and the schema, whatever of them is there already, and hands on what lies in it. */
export const makeOwner = async (client: Client, owner: Owner, database: string): Promise<void> => {
  await makeRole(client, owner, database);
  await ownSchema(client, owner);
};

/** Lets a role make schemas: for a program that asks for its own with each start. */
export const letMakeSchemas = (client: Client, role: string, database: string): Promise<void> =>
  insist(client, `GRANT CREATE ON DATABASE ${escapeIdentifier(database)} TO ${escapeIdentifier(role)}`);
