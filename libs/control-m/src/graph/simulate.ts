import { holds } from '../model/condition.ts';
import { eventKey, type DatedEvent } from '../model/event-dates.ts';
import type { Schedulable } from '../model/objects.ts';
import { isContainer, partsOf, resolveFlows, type Jobs } from './dependencies.ts';
import { eventLinksOf, type EventLink } from './event-links.ts';

/** The outcome of running everything once. */
export interface Outcome {
  /** The paths of jobs and folders that end, whatever the order. */
  readonly ended: ReadonlySet<string>;
  /** The paths of jobs and folders that begin. */
  readonly started: ReadonlySet<string>;
}

/** Everything that is run, by what a run asks for. */
interface Plan {
  readonly parts: readonly Schedulable[];
  readonly predecessors: ReadonlyMap<string, readonly Schedulable[]>;
  readonly successors: ReadonlyMap<string, readonly Schedulable[]>;
  readonly links: readonly EventLink[];
  /** The links of what each part adds in time for the same run. */
  readonly linksOfAdder: ReadonlyMap<string, readonly EventLink[]>;
}

interface Run {
  readonly plan: Plan;
  /** The keys of events, with the dates with which they are waited for, that are there. */
  readonly events: Set<string>;
  readonly started: Set<string>;
  readonly ended: Set<string>;
  /** The number of jobs and subfolders of each folder that have not ended. */
  readonly open: Map<string, number>;
  readonly queue: Schedulable[];
}

const grouped = <T>(pairs: readonly (readonly [string, T])[]): ReadonlyMap<string, readonly T[]> => {
  const found = new Map<string, T[]>();
  for (const [key, value] of pairs) {
    const values = found.get(key);
    if (values === undefined) found.set(key, [value]);
    else values.push(value);
  }
  return found;
};

const waitedKey = ({ event, waited: date }: EventLink): string => eventKey({ event, date });

const mayStart = ({ plan, started, ended, events }: Run, part: Schedulable): boolean =>
  (part.parent === null || started.has(part.parent.path)) &&
  (plan.predecessors.get(part.path) ?? []).every(({ path }) => ended.has(path)) &&
  part.conditions.every((condition) => holds(condition, (event: DatedEvent) => events.has(eventKey(event))));

const end = (run: Run, part: Schedulable): void => {
  if (run.ended.has(part.path)) return;
  run.ended.add(part.path);
  for (const link of run.plan.linksOfAdder.get(part.path) ?? []) {
    if (run.events.has(waitedKey(link))) continue;
    run.events.add(waitedKey(link));
    for (const waiter of link.waiters) run.queue.push(waiter);
  }
  for (const next of run.plan.successors.get(part.path) ?? []) run.queue.push(next);
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

const planOf = (jobs: Jobs): Plan => {
  const parts = partsOf(jobs);
  const pairs = resolveFlows(jobs).flatMap(({ steps }) =>
    steps.flatMap((step, index) => {
      const before = steps[index - 1];
      return step === undefined || before === undefined ? [] : [{ before, step }];
    }),
  );
  const links = eventLinksOf(parts);
  return {
    parts,
    predecessors: grouped(pairs.map(({ before, step }) => [step.path, before])),
    successors: grouped(pairs.map(({ before, step }) => [before.path, step])),
    links,
    linksOfAdder: grouped(
      links.flatMap((link) => (link.match === 'earlier-run' ? [] : [...link.adders].map(({ path }) => [path, link] as const))),
    ),
  };
};

const runOnce = (plan: Plan, given: Iterable<string>): Outcome => {
  const open = plan.parts
    .filter(isContainer)
    .map(({ path, jobs, subfolders }) => [path, jobs.length + subfolders.length] as const);
  const run: Run = {
    plan,
    events: new Set(given),
    started: new Set(),
    ended: new Set(),
    open: new Map(open),
    queue: [...plan.parts],
  };
  for (let part = run.queue.pop(); part !== undefined; part = run.queue.pop()) {
    if (!run.started.has(part.path) && mayStart(run, part)) start(run, part);
  }
  return run;
};

/** The most runs in a row, each of which knows what the one before it did not add: then nothing comes from an earlier run. */
const runsMax = 50;

/**
 * Runs all jobs, as far as they get: what may start starts, every job ends well, every event that may be added is added, and none is deleted. What an
 * earlier run would have added is there: it went as this one does, so it is run again until nothing changes. What has not ended then waits for
 * ever, also in Control-M. `given` are keys of events that come from elsewhere.
 */
export const simulate = (jobs: Jobs, given: Iterable<string>): Outcome => {
  const plan = planOf(jobs);
  const fromElsewhere = [...given];
  let earlier = plan.links.filter(({ match }) => match !== 'same-run');
  for (let n = 0; n < runsMax; n += 1) {
    const outcome = runOnce(plan, [...fromElsewhere, ...earlier.map(waitedKey)]);
    const left = earlier.filter(({ adders }) => [...adders].some(({ path }) => outcome.ended.has(path)));
    if (left.length === earlier.length) return outcome;
    earlier = left;
  }
  return runOnce(plan, fromElsewhere);
};
