import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Rows } from './rows.ts';

export interface Latency {
  readonly changesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Changes at a steady rate through the gateway, and how long after each its audit event was stored, by the database's clock. */
export const commitToStored = async (
  client: Client,
  { gateway, token, scriptsPath }: Rows,
  rate: number,
  seconds: number,
): Promise<Latency> => {
  const since = new Date();
  const startedAt = performance.now();
  const underWay = new Set<Promise<unknown>>();
  let sent = 0;
  while (performance.now() - startedAt < seconds * 1_000) {
    for (const due = ((performance.now() - startedAt) / 1_000) * rate; sent < due; sent += 1) {
      const sending = fetch(gateway + scriptsPath, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name: `latency ${sent}`, language: 'shell', content: 'true' }),
      })
        .then((response) => response.arrayBuffer())
        .finally(() => underWay.delete(sending));
      underWay.add(sending);
    }
    await pause(5);
  }
  await Promise.all(underWay);
  await pause(2_000);
  const { rows } = await client.query<{ count: string; p50: number; p99: number }>(
    `SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS p50, percentile_cont(0.99) WITHIN GROUP (ORDER BY ms) AS p99
     FROM (SELECT extract(epoch FROM stored_event.created_at - made.created_at)::float8 * 1000 AS ms
           FROM audit.audit_events AS stored_event JOIN team.scripts AS made ON made.id::text = stored_event.resource_id
           WHERE stored_event.action = 'script.create' AND stored_event.created_at >= $1) AS stored`,
    [since],
  );
  const [found] = rows;
  return { changesPerSecond: Number(found?.count) / seconds, p50Ms: found?.p50 ?? Number.NaN, p99Ms: found?.p99 ?? Number.NaN };
};
