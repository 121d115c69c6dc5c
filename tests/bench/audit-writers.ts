import { waitFor } from '@guildhall/testkit';
import type { Client } from 'pg';
import type { RedisServer } from '../chaos/redis-server.ts';
import { measure, medianRun, type Load, type LoadSize, type Measured } from './measure.ts';
import type { Rows } from './rows.ts';

export interface WriterCost {
  /** Creates per second while their events are published, stored and added to the tree. */
  readonly audited: number;
  /** Creates per second without a queue, while their events stay in the outbox. */
  readonly unaudited: number;
}

const size: LoadSize = { connections: 32, seconds: 8 };
const rounds = 3;
const lookEveryMs = 100;
const drainTimeoutMs = 120_000;

const createLoad = ({ gateway, token, scriptsPath, script }: Rows): Load => ({
  url: `${gateway}${scriptsPath}`,
  method: 'POST',
  headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  body: JSON.stringify(script),
  expectedStatus: 201,
});

/** Waits until every event is stored and no work of earlier rounds is left. */
const untilDrained = async (client: Client): Promise<void> => {
  const isDrained = async (): Promise<boolean> => {
    const { rows } = await client.query<{ waiting: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM team.outbox_events AS event LEFT JOIN audit.audit_events AS stored ON stored.id = event.id
                      WHERE stored.id IS NULL) AS waiting`,
    );
    return rows[0]?.waiting === false;
  };
  await waitFor(isDrained, { timeoutMs: drainTimeoutMs, intervalMs: lookEveryMs, what: 'the outbox to be drained' });
};

const perSecond = (runs: readonly Measured[]): number => medianRun(runs).requestsPerSecond;

/** Measures the cost of the audit trail for writers: alternates rounds with the queue and its consumers, and without. */
export const writerCost = async (client: Client, redis: RedisServer, rows: Rows): Promise<WriterCost> => {
  const load = createLoad(rows);
  const runs: { audited: Measured[]; unaudited: Measured[] } = { audited: [], unaudited: [] };
  for (let round = 0; round < rounds; round += 1) {
    await untilDrained(client);
    // As autovacuum does within a minute: a database this young would still be read as if it were empty.
    await client.query('ANALYZE');
    runs.audited.push(await measure(load, size, {}));
    await untilDrained(client);
    await redis.stop();
    runs.unaudited.push(await measure(load, size, {}));
    await redis.start();
  }
  await untilDrained(client);
  return { audited: perSecond(runs.audited), unaudited: perSecond(runs.unaudited) };
};
