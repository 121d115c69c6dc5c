import autocannon from 'autocannon';
import type { Client } from 'pg';

export interface AuditReader {
  readonly url: string;
  /** Headers of a caller who may read the trail; good for half a minute. */
  readonly headers: () => Promise<Record<string, string>>;
}

const load = { connections: 8, duration: 5 };
const rotating = 500;
const filter = 'actor=user-7&limit=20';

/** Requests a second over paths in turn. Throws when any was answered with another status than 200. */
const rateOf = async ({ url, headers }: AuditReader, paths: readonly string[]): Promise<number> => {
  const sent = await headers();
  const result = await autocannon({ ...load, url, requests: paths.map((path) => ({ method: 'GET', path, headers: sent })) });
  const statuses = Object.keys(result.statusCodeStats ?? {});
  if (result.errors > 0 || statuses.join() !== '200')
    throw new Error(`${paths[0]}: ${result.errors} errors, statuses ${statuses.join()}`);
  return result.requests.total / result.duration;
};

const ask = async <T>({ url, headers }: AuditReader, path: string): Promise<T> => {
  const response = await fetch(url + path, { headers: await headers(), signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
};

export interface ProofCost {
  readonly proofs: number;
  readonly reads: number;
  readonly consistency: number;
  /** The length of the longest path that was requested. */
  readonly pathMax: number;
}

/** Proofs of events all over the log against reading the same events by primary key, from the same service. */
export const proofCost = async (reader: AuditReader, client: Client, size: number): Promise<ProofCost> => {
  const indexes = Array.from({ length: rotating }, (_, at) => Math.floor((at * (size - 1)) / rotating));
  const { rows } = await client.query<{ id: string }>('SELECT id FROM audit.audit_events WHERE leaf_index = ANY($1::int8[])', [
    indexes,
  ]);
  const events = rows.map(({ id }) => `/v1/audit/events/${id}`);
  const lengths: number[] = [];
  for (const event of events.slice(0, 50)) lengths.push((await ask<{ path: string[] }>(reader, `${event}/proof`)).path.length);
  const reads = await rateOf(reader, events);
  const proofs = await rateOf(
    reader,
    events.map((event) => `${event}/proof`),
  );
  const consistency = await rateOf(
    reader,
    indexes.slice(1).map((from) => `/v1/audit/consistency?from=${from}`),
  );
  return { reads, proofs, consistency, pathMax: Math.max(...lengths) };
};

interface Page {
  readonly items: readonly unknown[];
  readonly nextCursor?: string | null;
}

export interface PageCost {
  readonly first: number;
  readonly deep: number;
  /** How many pages lie before the deep one. */
  readonly depth: number;
}

/** The first page of one actor's events against the last but one. */
export const pageCost = async (reader: AuditReader): Promise<PageCost> => {
  const first = `/v1/audit/events?${filter}`;
  let [deep, depth] = [first, 0];
  for (;;) {
    const { nextCursor } = await ask<Page>(reader, deep);
    const next = `${first}&cursor=${encodeURIComponent(nextCursor ?? '')}`;
    if (!nextCursor || (await ask<Page>(reader, next)).items.length === 0) break;
    [deep, depth] = [next, depth + 1];
  }
  return { first: await rateOf(reader, [first]), deep: await rateOf(reader, [deep]), depth };
};
