import { Client } from 'pg';

export const chaosName = 'guildhall-chaos';

/** A connection of our own, straight to the server. */
export const connectTo = async (url: string): Promise<Client> => {
  const client = new Client({ connectionString: url, application_name: chaosName });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  return client;
};

export const withClient = async <T>(url: string, use: (client: Client) => Promise<T>): Promise<T> => {
  const client = await connectTo(url);
  try {
    return await use(client);
  } finally {
    await client.end();
  }
};

/** How many sessions there are on the server, by the name that a service gives its own. */
export type Sessions = Readonly<Record<string, number>>;

/** With `before`, only those that were there by then. */
export const countSessions = (client: Client, before = 'infinity'): Promise<Sessions> =>
  client
    .query<{ name: string; count: number }>(
      `SELECT application_name AS name, count(*)::int4 AS count FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND application_name <> $1 AND backend_start < $2::timestamptz
       GROUP BY application_name ORDER BY application_name`,
      [chaosName, before],
    )
    .then(({ rows }) => Object.fromEntries(rows.map(({ name, count }) => [name, count])));

/** The server's own time. */
export const serverTime = (client: Client): Promise<string> =>
  client.query<{ now: string }>('SELECT now()::text AS now').then(({ rows }) => rows[0]?.now ?? '');

export const endSessions = async (client: Client): Promise<void> => {
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> $1`,
    [chaosName],
  );
};

/** A service's pool grows up to this with what is asked of it. */
const poolMax = 10;
/** Sessions of the queue: those that no fault touches, because nothing passed meanwhile, may go on. */
const isPool = (name: string): boolean => !name.includes('queue') && !name.includes('user-changed');

const leaksIn = (before: Sessions, after: Sessions): readonly string[] =>
  Object.entries(after).flatMap(([name, count]) => {
    const allowed = Math.max(before[name] ?? 0, name.endsWith('-health') || !isPool(name) ? 0 : poolMax);
    return count > allowed ? [`${name} ${before[name] ?? 0} → ${count}`] : [];
  });

const leftIn = (old: Sessions): readonly string[] =>
  Object.entries(old).flatMap(([name, count]) => (isPool(name) ? [`${name}: ${count} from before`] : []));

/** Sessions that are one too many: more than before, or left from before an outage that every service has noticed. */
export const leakedSessions = (url: string, before: Sessions, outageAt: string | null): Promise<readonly string[]> =>
  withClient(url, async (client) => {
    const leaks = leaksIn(before, await countSessions(client));
    return outageAt === null ? leaks : [...leaks, ...leftIn(await countSessions(client, outageAt))];
  });
