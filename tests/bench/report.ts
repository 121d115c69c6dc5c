import { cpus, release, totalmem } from 'node:os';
import type { LoadSize, Measured } from './measure.ts';

export interface Row {
  readonly what: string;
  readonly mustReach: number;
  readonly ours: Measured;
  readonly reference: Measured;
}

/** The table of one run, with the machine and the versions that it was made on. */
export const report = (rows: readonly Row[], { connections, seconds }: LoadSize, rounds: number): string =>
  [
    '# Benchmarks',
    '',
    'Written by `make bench`. Only the ratios mean something: ours and the reference ran in turn on the same machine and database.',
    'The reference (`tests/bench/reference/`) is one bare fastify process with prepared statements, without gateway, account, permission or audit event.',
    '',
    `${connections} connections, ${seconds} s a run, median of ${rounds}. ${machine()}`,
    '',
    '| what | ours req/s | reference req/s | ratio | must reach | p50 ms (ours / ref.) | p99 ms (ours / ref.) | CPU µs a request, by process |',
    '|---|---|---|---|---|---|---|---|',
    ...rows.map(line),
    '',
  ].join('\n');

const line = ({ what, mustReach, ours, reference }: Row): string => {
  const ratio = ours.requestsPerSecond / reference.requestsPerSecond;
  const cpu = Object.entries(ours.cpuMicroseconds).map(([name, micros]) => `${name} ${Math.round(micros)}`);
  const cells = [
    what,
    Math.round(ours.requestsPerSecond),
    Math.round(reference.requestsPerSecond),
    `${ratio.toFixed(2)}${ratio < mustReach ? ' (below)' : ''}`,
    mustReach.toFixed(2),
    `${ours.p50Ms} / ${reference.p50Ms}`,
    `${ours.p99Ms} / ${reference.p99Ms}`,
    cpu.join(', '),
  ];
  return `| ${cells.join(' | ')} |`;
};

const machine = (): string =>
  `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}, Node ${process.versions.node}.`;
