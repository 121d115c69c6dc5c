import { join } from 'node:path';
import { findRunningPostgres } from '@guildhall/testkit';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { isRunning } from './process-start.ts';
import type { RunningService, RunningStack } from './running.ts';

/** The state of one process of a stack. */
export interface ProcessStatus {
  readonly name: string;
  /** False for one that is away or cannot do all its work. */
  readonly isWell: boolean;
  /** A line for people: where it is, how long it has run, and what it cannot do. */
  readonly text: string;
}

const Readiness = Type.Object({
  isReady: Type.Boolean(),
  reason: Type.Optional(Type.String()),
  faults: Type.Optional(Type.Array(Type.Object({ name: Type.String(), reason: Type.String() }))),
  sharedDatabase: Type.Optional(Type.Object({ status: Type.String(), detail: Type.Optional(Type.String()) })),
});
const isReadiness = Compile(Readiness);
const askTimeoutMs = 2_000;

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** A duration in its largest whole unit. */
export const shownDuration = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [unit, length] = units.find(([, each]) => seconds >= each) ?? ['second', 1];
  const count = Math.floor(seconds / length);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
};

/** The sentence about what a process at /readyz says it can do; in team mode it needs the shared database. */
const shownReadiness = ({ isReady, reason: unready, faults = [], sharedDatabase }: Static<typeof Readiness>, isTeam: boolean) => {
  const { status, detail } = sharedDatabase ?? { status: 'not_configured' };
  const isWell = isReady && faults.length === 0 && (status === 'ready' || (!isTeam && status === 'not_configured'));
  const database = status === 'ready' || isWell ? [] : [`shared database ${status}${detail === undefined ? '' : `: ${detail}`}`];
  const lacking = [
    ...(unready === undefined ? [] : [unready]),
    ...database,
    ...faults.map(({ name, reason }) => `${name}: ${reason}`),
  ];
  return { isWell, text: isWell ? 'ready' : `not well (${lacking.join('; ') || 'it says that it is not ready'})` };
};

/** The answer at /readyz; otherwise what came instead of one. */
const askReadiness = async (url: string): Promise<Static<typeof Readiness> | string> => {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(askTimeoutMs) });
    const answer: unknown = await response.json();
    return isReadiness.Check(answer) ? answer : `it answers ${response.status} with something else`;
  } catch (error) {
    return `it does not answer: ${String(error)}`;
  }
};

const serviceStatus = async (name: string, service: RunningService, isTeam: boolean, now: number): Promise<ProcessStatus> => {
  const { pid, url, since, starts } = service;
  const again = starts > 1 ? `, started ${starts} times` : '';
  if (!isRunning(service)) return { name, isWell: false, text: `${url}  away: process ${pid} has ended${again}` };
  const where = `${url}  process ${pid} for ${shownDuration(now - Date.parse(since))}${again}`;
  const readiness = await askReadiness(url);
  const { isWell, text } = typeof readiness === 'string' ? { isWell: false, text: readiness } : shownReadiness(readiness, isTeam);
  return { name, isWell, text: `${where}: ${text}` };
};

const postgresStatus = (dataFolder: string): ProcessStatus => {
  const pid = findRunningPostgres(join(dataFolder, 'postgres'));
  return { name: 'PostgreSQL', isWell: pid !== undefined, text: pid === undefined ? 'away' : `process ${pid}: running` };
};

/** Asks each process of a running stack how it is. */
export const statusOf = async (dataFolder: string, running: RunningStack, now: number): Promise<readonly ProcessStatus[]> => {
  const isTeam = running.mode === 'team';
  const services = await Promise.all(
    Object.entries(running.services).map(([name, service]) => serviceStatus(name, service, isTeam, now)),
  );
  return running.hasEmbeddedPostgres === true ? [...services, postgresStatus(dataFolder)] : services;
};
