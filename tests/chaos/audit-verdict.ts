import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';

export interface Drained {
  readonly isDrained: boolean;
  readonly seconds: number;
}

const lookEveryMs = 250;

const countIn = async (client: Client, text: string, values: readonly unknown[] = []): Promise<number> => {
  const { rows } = await client.query<{ count: string }>(text, [...values]);
  return Number(rows[0]?.count ?? Number.NaN);
};

/** Waits until every outbox is empty: each event was published, and its destination has confirmed that it holds it. */
export const untilDrained = async (client: Client, timeoutMs: number): Promise<Drained> => {
  const startedAt = performance.now();
  const seconds = (): number => (performance.now() - startedAt) / 1000;
  while (performance.now() - startedAt < timeoutMs) {
    const waiting = await countIn(
      client,
      'SELECT (SELECT count(*) FROM team.outbox_events) + (SELECT count(*) FROM auth.outbox_events) AS count',
    );
    if (waiting === 0) return { isDrained: true, seconds: seconds() };
    await pause(lookEveryMs);
  }
  return { isDrained: false, seconds: seconds() };
};

/** Each acknowledged version is there, with all versions before it. */
const lostWrites = async (client: Client, acknowledged: ReadonlyMap<string, number>): Promise<readonly string[]> => {
  const { rows } = await client.query<{ id: string; versions: string }>(
    'SELECT script_id::text AS id, count(*) AS versions FROM team.script_versions GROUP BY script_id',
  );
  const stored = new Map(rows.map(({ id, versions }) => [id, Number(versions)]));
  return [...acknowledged]
    .filter(([id, version]) => stored.get(id) !== version)
    .map(([id, version]) => `script ${id}: version ${version} was acknowledged, ${stored.get(id) ?? 0} are there`);
};

/** One event for each version of each script, no more and no less; none about a script that is not there. */
const wrongEvents = async (client: Client): Promise<readonly string[]> => {
  const { rows } = await client.query<{ id: string; versions: string; events: string }>(`
    SELECT coalesce(saved.id, published.id) AS id, coalesce(saved.versions, 0) AS versions, coalesce(published.events, 0) AS events
    FROM (SELECT script_id::text AS id, count(*) AS versions FROM team.script_versions GROUP BY script_id) AS saved
    FULL JOIN (
      SELECT resource_id AS id, count(*) AS events FROM audit.audit_events
      WHERE resource_type = 'script' AND result = 'success' AND action IN ('script.create', 'script.update') GROUP BY resource_id
    ) AS published ON published.id = saved.id
    WHERE saved.versions IS DISTINCT FROM published.events`);
  return rows.map(({ id, versions, events }) => `script ${id}: ${versions} versions, ${events} audit events`);
};

/** The log's indexes are 0, 1, 2 … without a gap, and the head knows how many they are. */
const wrongLog = async (client: Client): Promise<readonly string[]> => {
  const { rows } = await client.query<{ events: string; first: string; last: string; size: string; missing: string }>(`
    SELECT count(*) AS events, min(leaf_index) AS first, max(leaf_index) AS last,
           count(*) FILTER (WHERE leaf_index IS NULL) AS missing, (SELECT max(size) FROM audit.log_heads) AS size
    FROM audit.audit_events`);
  const [log] = rows;
  const events = Number(log?.events);
  const isWhole =
    log !== undefined &&
    Number(log.missing) === 0 &&
    Number(log.first) === 0 &&
    Number(log.last) === events - 1 &&
    Number(log.size) === events;
  return isWhole ? [] : [`the log is not contiguous: ${JSON.stringify(log)}`];
};

/** Everything that does not hold, in sentences. */
export const violationsIn = async (client: Client, acknowledged: ReadonlyMap<string, number>): Promise<readonly string[]> => [
  ...(await lostWrites(client, acknowledged)),
  ...(await wrongEvents(client)),
  ...(await wrongLog(client)),
];
