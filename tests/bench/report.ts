import { cpus, release, totalmem } from 'node:os';
import type { LoadSize, Measured } from './measure.ts';

/** The least or the greatest ratio that is good enough. */
export type Bound = { readonly atLeast: number } | { readonly atMost: number };

/** A line of the report: what was measured, ours beside its reference. */
export interface Row {
  readonly what: string;
  /** The unit of `ours` and `reference`. */
  readonly unit: string;
  readonly ours: number;
  readonly reference: number;
  readonly bound: Bound;
  /** Ours and the reference, where the row is one of throughput. */
  readonly runs?: { readonly ours: Measured; readonly reference: Measured };
}

const ratioOf = ({ ours, reference }: Row): number => ours / reference;

/** True if a row does not reach what it must. */
const isMiss = (row: Row): boolean =>
  'atLeast' in row.bound ? !(ratioOf(row) >= row.bound.atLeast) : !(ratioOf(row) <= row.bound.atMost);

const shown = (value: number): string => {
  if (value >= 100) return String(Math.round(value));
  return value >= 1 ? value.toFixed(1) : value.toFixed(2);
};

/** The times of both, where they were taken. */
const bothOf = (ours: number, reference: number): string => `${ours} / ${Number.isNaN(reference) ? '–' : reference}`;

const cpuOf = ({ cpuMicroseconds }: Measured): string =>
  Object.entries(cpuMicroseconds)
    .filter(([, micros]) => micros >= 1)
    .map(([name, micros]) => `${name} ${Math.round(micros)}`)
    .join(', ');

export const lineOf = (row: Row): string => {
  const { what, unit, ours, reference, bound, runs } = row;
  const wanted = 'atLeast' in bound ? `≥ ${bound.atLeast}` : `≤ ${bound.atMost}`;
  const cells = [
    what,
    unit,
    shown(ours),
    shown(reference),
    `${ratioOf(row).toFixed(2)}${isMiss(row) ? ' **miss**' : ''}`,
    wanted,
    runs === undefined ? '' : bothOf(runs.ours.p50Ms, runs.reference.p50Ms),
    runs === undefined ? '' : bothOf(runs.ours.p99Ms, runs.reference.p99Ms),
    runs === undefined ? '' : `${cpuOf(runs.ours)}; ${cpuOf(runs.reference)}`,
  ];
  return `| ${cells.join(' | ')} |`;
};

export interface Conditions extends LoadSize {
  readonly rounds: number;
  /** The rows of the largest table. */
  readonly scripts: number;
  readonly members: number;
  readonly postgresVersion: string;
}

/** The table of one run, with the machine and the versions that it was made on, and the misses by name. */
export const report = (rows: readonly Row[], conditions: Conditions): string => {
  const { connections, seconds, rounds, scripts, members, postgresVersion } = conditions;
  const misses = rows.filter(isMiss).map(({ what }) => `- ${what}`);
  return [
    '# Benchmarks',
    '',
    'Written by `make bench`. Only the ratios mean something: ours and the reference ran in turn on the same machine and database.',
    'The reference (`tests/bench/reference/`) is one bare fastify process with prepared statements, without gateway, account, permission or audit event.',
    '',
    `${connections} connections where nothing else is said, ${seconds} s a run, median of ${rounds}; ${scripts} scripts and ${members} members at last.`,
    `${machine()}, PostgreSQL ${postgresVersion}.`,
    '',
    '| what | unit | ours | reference | ratio | must be | p50 ms (ours / ref.) | p99 ms (ours / ref.) | CPU µs a request, by process (ours; ref.) |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows.map(lineOf),
    '',
    '## Misses',
    '',
    ...(misses.length === 0 ? ['None.'] : misses),
    '',
  ].join('\n');
};

const machine = (): string =>
  `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}, Node ${process.versions.node}`;
