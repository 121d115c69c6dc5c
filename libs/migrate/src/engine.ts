import type { Client } from 'pg';

/** In what PostgreSQL and CockroachDB differ for migrations. */
export interface Engine {
  readonly name: 'PostgreSQL' | 'CockroachDB';
  readonly version: string;
  /** Whether a transaction that fails takes back its schema changes too. */
  readonly takesSchemaBack: boolean;
}

const describe = (text: string): Engine => {
  const cockroach = /CockroachDB.*?\bv(\d[\w.-]*)/.exec(text)?.[1];
  if (cockroach !== undefined) return { name: 'CockroachDB', version: cockroach, takesSchemaBack: false };
  return { name: 'PostgreSQL', version: /PostgreSQL (\S+)/.exec(text)?.[1] ?? text, takesSchemaBack: true };
};

export const engineOf = async (client: Client): Promise<Engine> => {
  const { rows } = await client.query<{ version: string }>('SELECT version() AS version');
  return describe(rows[0]?.version ?? '');
};

/** The server notices within this time that the process at the other end of a session is gone. */
const goneAfterMs = 2_000;

/**
 * What a holder lets the server do to its own session: end a transaction that nothing happens in, as when the process
 * is stopped, and notice while a statement runs that nobody waits for it any more.
 */
export const boundSession = async (client: Client, idleMs: number): Promise<void> => {
  await client.query(`SET idle_in_transaction_session_timeout = ${Math.ceil(idleMs)}`);
  const engine = await engineOf(client);
  if (engine.name === 'PostgreSQL') {
    // Not on every system that PostgreSQL runs on.
    await client.query(`SET client_connection_check_interval = ${goneAfterMs}`).catch(() => undefined);
  }
};

const endOnPostgres = `
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND CASE WHEN application_name ~ $1 THEN split_part(application_name, ' ', 3)::numeric < $2::numeric ELSE false END`;

/**
 * Ends the sessions of all who held the lease of a schema before `fencing`: they may change nothing any more. Where the
 * role may not do that, their own bounds end them.
 */
export const endSessions = async (client: Client, schema: string, fencing: string): Promise<void> => {
  const { name } = await engineOf(client);
  if (name === 'PostgreSQL') {
    await client.query(endOnPostgres, [`^guildhall-migrate ${schema} [0-9]+$`, fencing]).catch(() => undefined);
    return;
  }
  const { rows } = await client
    .query<{ id: string; name: string }>('SELECT session_id AS id, application_name AS name FROM [SHOW CLUSTER SESSIONS]')
    .catch(() => ({ rows: [] }));
  for (const session of rows) {
    const [program, owner, number] = session.name.split(' ');
    if (program !== 'guildhall-migrate' || owner !== schema || !/^\d+$/.test(number ?? '')) continue;
    if (BigInt(number ?? '0') < BigInt(fencing))
      await client.query(`CANCEL SESSION IF EXISTS '${session.id}'`).catch(() => undefined);
  }
};
