import { holds } from '../model/condition.ts';
import type { Schedulable } from '../model/objects.ts';
import { byEvent, graphOf, isContainer, partsOf, type Jobs } from './dependencies.ts';

/** The outcome of running everything once. */
export interface Outcome {
  /** The paths of jobs and folders that end, whatever the order. */
  readonly ended: ReadonlySet<string>;
}

interface Run {
  readonly byPath: ReadonlyMap<string, Schedulable>;
  readonly predecessors: ReadonlyMap<string, readonly string[]>;
  readonly successors: ReadonlyMap<string, readonly string[]>;
  readonly waiting: ReadonlyMap<string, ReadonlySet<Schedulable>>;
  readonly events: Set<string>;
  readonly started: Set<string>;
  readonly ended: Set<string>;
  /** The number of jobs and subfolders of each folder that have not ended. */
  readonly open: Map<string, number>;
  readonly queue: Schedulable[];
}

const grouped = (pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, string[]>();
  for (const [key, value] of pairs) {
    const values = found.get(key);
    if (values === undefined) found.set(key, [value]);
    else values.push(value);
  }
  return found;
};

const mayStart = (run: Run, part: Schedulable): boolean =>
  (part.parent === null || run.started.has(part.parent.path)) &&
  (run.predecessors.get(part.path) ?? []).every((path) => run.ended.has(path)) &&
  part.conditions.every((condition) => holds(condition, (event) => run.events.has(event)));

const end = (run: Run, part: Schedulable): void => {
  if (run.ended.has(part.path)) return;
  run.ended.add(part.path);
  for (const { event } of part.adds) {
    if (run.events.has(event)) continue;
    run.events.add(event);
    run.queue.push(...(run.waiting.get(event) ?? []));
  }
  for (const path of run.successors.get(part.path) ?? []) {
    const next = run.byPath.get(path);
    if (next !== undefined) run.queue.push(next);
  }
  const { parent } = part;
  if (parent === null) return;
  const left = (run.open.get(parent.path) ?? 0) - 1;
  run.open.set(parent.path, left);
  if (left === 0 && run.started.has(parent.path)) end(run, parent);
};

const start = (run: Run, part: Schedulable): void => {
  run.started.add(part.path);
  if (!isContainer(part)) return end(run, part);
  if ((run.open.get(part.path) ?? 0) === 0) return end(run, part);
  for (const child of [...part.jobs, ...part.subfolders]) run.queue.push(child);
};

/**
 * Runs all jobs once, as far as they get: what may start starts, every job ends well, every event that may be added is added, and none
 * is deleted. What has not ended then waits for ever, also in Control-M. `given` are events that come from elsewhere.
 */
export const simulate = (jobs: Jobs, given: Iterable<string>): Outcome => {
  const parts = partsOf(jobs);
  const flows = graphOf(jobs).edges.filter(({ kind }) => kind === 'flow');
  const run: Run = {
    byPath: new Map(parts.map((part) => [part.path, part])),
    predecessors: grouped(flows.map(({ from, to }) => [to, from])),
    successors: grouped(flows.map(({ from, to }) => [from, to])),
    waiting: byEvent(parts, ({ waitsFor }) => waitsFor),
    events: new Set(given),
    started: new Set(),
    ended: new Set(),
    open: new Map(parts.filter(isContainer).map(({ path, jobs: own, subfolders }) => [path, own.length + subfolders.length])),
    queue: [...parts],
  };
  for (let part = run.queue.pop(); part !== undefined; part = run.queue.pop()) {
    if (!run.started.has(part.path) && mayStart(run, part)) start(run, part);
  }
  return { ended: run.ended };
};
