import type { PublicContract } from '@guildhall/contracts';
import { sql, uncheckedRow, type SharedDatabase } from '@guildhall/db';
import { withFailingStatements } from '@guildhall/testkit';
import { Type } from 'typebox';
import { expect } from 'vitest';
import { sendAs, type Caller, type RouteAnswer, type RoutedService, type RouteRequest } from './route-client.ts';

/** The tables of a service as a test compares them: how many rows each has, and a digest of all that is in them. */
export interface TableContents {
  readonly counts: Readonly<Record<string, number>>;
  readonly digest: string;
}

const NameRow = uncheckedRow({ name: Type.String() });
const ContentsRow = uncheckedRow({ name: Type.String(), count: Type.Integer(), digest: Type.String() });

/** Reads every row of every table of a schema, but of those `without`. */
export const readContents = async (
  { connection }: SharedDatabase,
  schema: string,
  without: readonly string[] = [],
): Promise<TableContents> => {
  const tables = await connection.any(sql.type(NameRow)`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = ${schema} AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'schema_%'
      AND table_name <> ALL(${sql.array([...without], 'text')}) ORDER BY table_name`);
  const each = tables.map(
    ({ name }) => sql.fragment`
      SELECT ${name}::text AS name, count(*)::int8 AS count, md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) AS digest
      FROM ${sql.identifier([schema, name])} AS t`,
  );
  const rows = await connection.any(sql.type(ContentsRow)`${sql.join(each, sql.fragment` UNION ALL `)} ORDER BY name`);
  return {
    counts: Object.fromEntries(rows.map(({ name, count }) => [name, count])),
    digest: rows.map(({ name, digest }) => `${name} ${digest}`).join('\n'),
  };
};

/** A comparison of the tables at two moments: whether they changed at all, and by how many rows each grew; those that did not are left out. */
export interface ChangedTables {
  readonly isUntouched: boolean;
  readonly grown: Readonly<Record<string, number>>;
}

export const changeOf = (from: TableContents, to: TableContents): ChangedTables => ({
  isUntouched: from.digest === to.digest,
  grown: Object.fromEntries(
    Object.entries(to.counts)
      .map(([name, count]) => [name, count - (from.counts[name] ?? 0)] as const)
      .filter(([, rows]) => rows !== 0),
  ),
});

/** A change to be tried: who asks, and what. */
export interface TriedChange {
  readonly caller: Caller;
  readonly contract: PublicContract;
  readonly request: RouteRequest;
}

export interface FailingOptions {
  readonly service: RoutedService;
  readonly applicationName: string;
  readonly read: () => Promise<TableContents>;
}

const rate = 0.3;
const triesMax = 5;
const codeOf = ({ status, body }: RouteAnswer): readonly unknown[] => [
  status,
  (body as { readonly code?: string } | undefined)?.code,
];

/** The answer to a change of which nobody knows whether it was made, or which certainly was not. */
const isUnavailable = ({ status, body }: RouteAnswer): boolean =>
  status === 503 && ['SHARED_DB_UNAVAILABLE', 'SERVICE_UNAVAILABLE'].includes(String((body as { readonly code?: unknown }).code));

/**
 * Sends a change while the statements of its service fail at random, with one Idempotency-Key, until it was made. After each answer the
 * tables hold the whole change or nothing of it; a success says that they hold it. `expected` is what the change does to them when
 * nothing fails. Returns how often the change was sent.
 */
export const sendWhileFailing = async (
  { service, applicationName, read }: FailingOptions,
  { caller, contract, request }: TriedChange,
  expected: ChangedTables,
  seed: number,
): Promise<number> => {
  const headers = { ...request.headers, 'idempotency-key': `failing-${contract.name}-${seed}` };
  const ask = () => sendAs(service, caller, contract, { ...request, headers });
  const before = await read();
  for (let tried = 1; ; tried += 1) {
    const options = { applicationName, seed: seed * triesMax + tried, rate: tried < triesMax ? rate : 0 };
    const { result, failed } = await withFailingStatements(options, ask);
    const changed = changeOf(before, await read());
    const told = { answer: codeOf(result), failed };
    if (result.status >= 300) expect({ ...told, isClear: isUnavailable(result) }).toEqual({ ...told, isClear: true });
    if (result.status >= 300 && changed.isUntouched) continue;
    // It was made, also where its answer was lost.
    expect({ ...told, ...changed }).toEqual({ ...told, ...expected });
    return tried;
  }
};
