import { textIn, type Asked } from './asked.ts';
import { detectEngine } from './engine.ts';

/** The time within which the server notices that a client has gone. */
const goneAfterMs = 2_000;

/**
 * The settings of a session that holds the migrations' lease: the server ends its idle transactions, as when the process
 * is paused, and cancels statements whose client has gone.
 */
export const boundSession = async (client: Asked, idleMs: number): Promise<void> => {
  await client.query(`SET idle_in_transaction_session_timeout = ${Math.ceil(idleMs)}`);
  const { name } = await detectEngine(client);
  // PostgreSQL alone has this setting, and not on every system; without it the successor ends the session.
  if (name === 'PostgreSQL') await client.query(`SET client_connection_check_interval = ${goneAfterMs}`).catch(() => undefined);
};

const endOnPostgres = `
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND CASE WHEN application_name ~ $1 THEN split_part(application_name, ' ', 3)::numeric < $2::numeric ELSE false END`;

/** CockroachDB has no process ids to end: its own session ids are cancelled. */
const endOnCockroach = async (client: Asked, schema: string, fencing: string): Promise<void> => {
  const { rows } = await client.query('SELECT session_id AS id, application_name AS name FROM [SHOW CLUSTER SESSIONS]');
  for (const row of rows) {
    const [program, owner, number = ''] = textIn(row, 'name').split(' ');
    const isEarlier =
      program === 'guildhall-migrate' && owner === schema && /^\d+$/.test(number) && BigInt(number) < BigInt(fencing);
    if (isEarlier) await client.query(`CANCEL SESSION IF EXISTS '${textIn(row, 'id')}'`);
  }
};

/**
 * Ends the sessions of all who held the lease of a schema before `fencing`: they may change nothing any more. Where the
 * role may not do that, their own bounds end them.
 */
export const endSessions = async (client: Asked, schema: string, fencing: string): Promise<void> => {
  const { name } = await detectEngine(client);
  const ending =
    name === 'PostgreSQL'
      ? client.query(endOnPostgres, [`^guildhall-migrate ${schema} [0-9]+$`, fencing])
      : endOnCockroach(client, schema, fencing);
  await ending.catch(() => undefined);
};
