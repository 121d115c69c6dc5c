import { eventDestinations, eventWriters } from '@guildhall/contracts';
import { consumerConnectionsMax, publisherConnectionsMax } from '@guildhall/events';
import { Client } from 'pg';

const chaosName = 'guildhall-chaos';

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

/** The number of sessions on the server by application name. */
export type Sessions = Readonly<Record<string, number>>;

/** The sessions of the queue, under any application name: a listener has the name of its queue. */
const queue = 'queue';
const nameColumn = `CASE WHEN application_name IN ('guildhall-queue', 'guildhall-user-changed') OR query ILIKE '%LISTEN%'
  OR query LIKE '%application_name%' THEN '${queue}' ELSE application_name END`;

/** Counts the sessions; with `before`, those that existed by then. */
export const countSessions = (client: Client, before = 'infinity'): Promise<Sessions> =>
  client
    .query<{ name: string; count: number }>(
      `SELECT ${nameColumn} AS name, count(*)::int4 AS count FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND application_name <> $1 AND backend_start < $2::timestamptz
       GROUP BY 1 ORDER BY 1`,
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

/** A service's pool grows up to this with what is asked of it, and one more session watches the server. */
const poolMax = 10;
/** Every kind has its consumer and the publisher of each writer; audit opens one more, to read how many events wait. */
const publishers = Object.values(eventWriters).flat().length + 1;
const consumers = Object.keys(eventDestinations).length;
const queueMax = publishers * publisherConnectionsMax + consumers * consumerConnectionsMax;

const allowedTo = (name: string): number => (name === queue ? queueMax : name.endsWith('-health') ? 1 : poolMax);

const leaksIn = (before: Sessions, after: Sessions): readonly string[] =>
  Object.entries(after).flatMap(([name, count]) => (count > allowedTo(name) ? [`${name} ${before[name] ?? 0} → ${count}`] : []));

/** The queue's may go on: those that no fault touched, because nothing passed meanwhile. */
const leftIn = (old: Sessions): readonly string[] =>
  Object.entries(old).flatMap(([name, count]) => (name === queue ? [] : [`${name}: ${count} from before`]));

/** Sessions that are one too many: more than anybody may have, or left from before an outage that every service has noticed. */
export const leakedSessions = (url: string, before: Sessions, outageAt: string | null): Promise<readonly string[]> =>
  withClient(url, async (client) => {
    const leaks = leaksIn(before, await countSessions(client));
    return outageAt === null ? leaks : [...leaks, ...leftIn(await countSessions(client, outageAt))];
  });
