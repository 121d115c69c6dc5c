import { setTimeout as pause } from 'node:timers/promises';
import { waitFor } from '@guildhall/testkit';
import type { Fault } from './outage-faults.ts';
import { isRefusal, isSuccess, teamKinds, type Load, type Sample } from './outage-load.ts';
import { readLines, type LogLines } from './outage-logs.ts';
import { serverTime, withClient } from './outage-sessions.ts';
import { settle, tally, traces, type Before } from './outage-settled.ts';
import type { OutageStack } from './outage-stack.ts';

export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The measurements of one fault. Times in milliseconds; null if it did not happen. */
export interface Figures {
  readonly fault: string;
  readonly isPartial: boolean;
  readonly isShort: boolean;
  /** From the fault to the first refusal, on the route that took longest to refuse. Null when some route never did. */
  readonly noticeMs: number | null;
  /** The response times of team routes from then until the fault ended. */
  readonly down: Spread | null;
  /** The longest that anybody waited for an answer between the fault and the recovery. */
  readonly longestMs: number;
  /** From the end of the fault to the first success, on the route that took longest. */
  readonly backMs: number | null;
  readonly soloBefore: Spread | null;
  /** From the fault until two seconds after all is back: a fault that is over at once has too few requests for a p99. */
  readonly soloDuring: Spread | null;
  /** Neither a success nor a 503, and how often. */
  readonly wrong: Readonly<Record<string, number>>;
  /** 503 with another code than SHARED_DB_UNAVAILABLE, and how often. */
  readonly otherCodes: Readonly<Record<string, number>>;
  /** Requests that were refused when everything was well again, more at once than the pools have connections. */
  readonly refusedAfterwards: Readonly<Record<string, number>>;
  /** Sessions on the server that are one too many. */
  readonly leaked: readonly string[];
  readonly restarted: readonly string[];
  readonly logLines: LogLines;
}

const afterMs = 2_000;
const backMsMax = 20_000;

const endOf = ({ startedAt, ms }: Sample): number => startedAt + ms;

const spreadOf = (times: readonly number[]): Spread | null => {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return sorted.length === 0 ? null : { p50: at(0.5), p99: at(0.99), max: at(1) };
};

const spreadOfSamples = (samples: readonly Sample[]): Spread | null => spreadOf(samples.map(({ ms }) => ms));

/** The latest of what each kind of team request came to first; null when one never did. */
const latestFirst = (samples: readonly Sample[], fits: (sample: Sample) => boolean): number | null => {
  const firsts = teamKinds.map((kind) =>
    Math.min(...samples.filter((sample) => sample.kind === kind && fits(sample)).map(endOf)),
  );
  const latest = Math.max(...firsts);
  return Number.isFinite(latest) ? latest : null;
};

interface Marks {
  readonly startedAt: number;
  readonly faultAt: number;
  readonly endedAt: number;
}

const within = (from: number, to: number) => (sample: Sample) => sample.startedAt >= from && sample.startedAt < to;

/** The figures that follow from the samples alone. */
const figuresOf = (samples: readonly Sample[], { startedAt, faultAt, endedAt }: Marks) => {
  const since = samples.filter((sample) => endOf(sample) >= faultAt);
  const team = since.filter(({ kind }) => kind !== 'solo');
  const solo = samples.filter(({ kind }) => kind === 'solo');
  const noticedAt = latestFirst(team, isRefusal);
  const backAt = latestFirst(team, (sample) => isSuccess(sample) && sample.startedAt >= endedAt);
  return {
    noticeMs: noticedAt === null ? null : noticedAt - faultAt,
    down: noticedAt === null ? null : spreadOfSamples(team.filter(within(noticedAt, endedAt))),
    longestMs: Math.max(0, ...team.map(({ ms }) => ms)),
    backMs: backAt === null ? null : backAt - endedAt,
    soloBefore: spreadOfSamples(solo.filter(within(startedAt, faultAt))),
    soloDuring: spreadOfSamples(solo.filter(({ startedAt: at }) => at >= faultAt)),
    wrong: tally(since.filter((sample) => !isSuccess(sample) && sample.status !== 503)),
    otherCodes: tally(since.filter((sample) => sample.status === 503 && !isRefusal(sample))),
  };
};

const untilBack = async (load: Load, endedAt: number): Promise<void> => {
  const isBack = (): boolean => latestFirst(load.samples, (sample) => isSuccess(sample) && sample.startedAt >= endedAt) !== null;
  await waitFor(isBack, { timeoutMs: backMsMax }).catch(() => undefined);
  await pause(afterMs);
};

export interface FaultTimes {
  /** How long the load runs before the fault, and how long the fault lasts. */
  readonly beforeMs: number;
  readonly downMs: number;
}

/** Load, fault, outage, recovery; leaves the stack as it found it. */
export const measureFault = async (outage: OutageStack, load: Load, fault: Fault, times: FaultTimes): Promise<Figures> => {
  const before = await settle(outage, load);
  const startedAt = performance.now();
  load.start();
  try {
    return await measureUnderLoad(outage, load, fault, times, before, startedAt);
  } finally {
    await load.stop();
  }
};

const measureUnderLoad = async (
  outage: OutageStack,
  load: Load,
  fault: Fault,
  times: FaultTimes,
  before: Before,
  startedAt: number,
): Promise<Figures> => {
  await pause(times.beforeMs);
  const outageAt = await withClient(outage.databaseUrl, serverTime);
  await fault.prepare?.();
  const log = readLines(outage.stack.logFolder);
  const faultAt = performance.now();
  await fault.begin();
  if (fault.isShort !== true) await pause(times.downMs);
  await fault.end();
  const endedAt = performance.now();
  await untilBack(load, endedAt);
  await load.stop();
  const logLines = log.since();
  const samples = load.samples.filter((sample) => sample.startedAt >= startedAt);
  return {
    fault: fault.name,
    isPartial: fault.isPartial === true,
    isShort: fault.isShort === true,
    ...figuresOf(samples, { startedAt, faultAt, endedAt }),
    ...(await traces(outage, load, before, fault.isPartial === true ? null : outageAt)),
    logLines,
  };
};
