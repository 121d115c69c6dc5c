import { waitFor } from '@guildhall/testkit';
import type { Client } from 'pg';

const lookEveryMs = 50;
const drainTimeoutMs = 240_000;
const plainBatch = 1_000;
const stored =
  'id, actor_type, actor_id, action, resource_type, resource_id, result, changes, request_id, service, occurred_at, recorded_at, leaf_index, leaf_hash';

/** Events as team-resources leaves them, from a thousand actors. */
const fillOutbox = `
  INSERT INTO team.outbox_events (id, shard, kind, payload, occurred_at)
  SELECT gen_random_uuid(), n % 8, 'audit', jsonb_build_object(
    'actor', jsonb_build_object('type', 'user', 'id', 'user-' || n % 1000), 'action', 'script.update',
    'resource', jsonb_build_object('type', 'script', 'id', 'script-' || n % 5000), 'result', 'success',
    'changes', jsonb_build_array(jsonb_build_object('path', '/name', 'before', 'nightly', 'after', 'hourly')),
    'requestId', 'bench-' || n, 'service', 'team-resources'), now()
  FROM generate_series(1, $1::int8) AS n`;

export const logSize = async (client: Client): Promise<number> => {
  const { rows } = await client.query<{ size: string }>('SELECT coalesce(max(size), 0) AS size FROM audit.log_heads');
  return Number(rows[0]?.size ?? 0);
};

/** Events a second from the outbox into the tree, through the real processes, from the commit that leaves them there. */
export const drainRate = async (client: Client, events: number): Promise<number> => {
  const wanted = (await logSize(client)) + events;
  await client.query(fillOutbox, [events]);
  const startedAt = performance.now();
  await waitFor(async () => (await logSize(client)) >= wanted, {
    timeoutMs: drainTimeoutMs,
    intervalMs: lookEveryMs,
    what: `${events} events in the log`,
  });
  return (events * 1_000) / (performance.now() - startedAt);
};

/** Rows a second of a plain multi-row insert of events that are stored, into a table with the same indexes and no log. */
export const plainInsertRate = async (client: Client, events: number): Promise<number> => {
  await client.query('CREATE SCHEMA IF NOT EXISTS bench');
  await client.query('DROP TABLE IF EXISTS bench.plain_events');
  await client.query('CREATE TABLE bench.plain_events (LIKE audit.audit_events INCLUDING ALL)');
  const { rows } = await client.query<{ batch: string }>(
    `SELECT json_agg(row_to_json(event))::text AS batch
     FROM (SELECT ${stored}, row_number() OVER () AS n FROM audit.audit_events LIMIT $1) AS event GROUP BY (n - 1) / ${plainBatch}`,
    [events],
  );
  const startedAt = performance.now();
  for (const { batch } of rows) {
    await client.query(
      `INSERT INTO bench.plain_events (${stored})
       SELECT ${stored} FROM json_populate_recordset(NULL::bench.plain_events, $1::json) ON CONFLICT (id) DO NOTHING`,
      [batch],
    );
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const { rows: counted } = await client.query<{ count: string }>('SELECT count(*) AS count FROM bench.plain_events');
  await client.query('DROP TABLE bench.plain_events');
  return Number(counted[0]?.count ?? 0) / seconds;
};
