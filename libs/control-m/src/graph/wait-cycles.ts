import { cyclesOf } from './cycles.ts';
import { partsOf, resolveFlows, type Jobs } from './dependencies.ts';
import { eventLinksOf, foreignEvents } from './event-links.ts';
import { simulate, type Outcome } from './simulate.ts';

/** Finds what has to happen before what, of all that does not happen: the beginnings and ends of jobs and folders, and events between them. */
const orderOf = (jobs: Jobs, { started, ended }: Outcome): ReadonlyMap<string, readonly string[]> => {
  const after = new Map<string, string[]>();
  const put = (first: string | undefined, then: string | undefined): void => {
    if (first === undefined || then === undefined) return;
    const known = after.get(first);
    if (known === undefined) after.set(first, [then]);
    else known.push(then);
  };
  const begin = (path: string) => (started.has(path) ? undefined : `begin\n${path}`);
  const end = (path: string) => (ended.has(path) ? undefined : `end\n${path}`);
  const parts = partsOf(jobs);
  for (const { path, parent } of parts) {
    put(begin(path), end(path));
    if (parent === null) continue;
    put(begin(parent.path), begin(path));
    put(end(path), end(parent.path));
  }
  for (const { steps } of resolveFlows(jobs)) {
    for (const [index, step] of steps.entries()) {
      const before = steps[index - 1];
      if (step !== undefined && before !== undefined) put(end(before.path), begin(step.path));
    }
  }
  for (const [index, { match, adders, waiters }] of eventLinksOf(parts).entries()) {
    // What an earlier run may have added holds up no run.
    if (match !== 'same-run') continue;
    for (const { path } of adders) put(end(path), `event\n${index}`);
    for (const { path } of waiters) put(`event\n${index}`, begin(path));
  }
  return after;
};

const pathsIn = (cycle: readonly string[]): readonly string[] =>
  [...new Set(cycle.flatMap((node) => (node.startsWith('event\n') ? [] : [node.slice(node.indexOf('\n') + 1)])))].toSorted();

/**
 * The jobs and folders that wait for each other in a circle and never end, each circle by its paths in order: by flows, by events, and because a
 * folder holds its jobs up and ends with them. A circle that an OR leads out of is none, nor is one that goes through an earlier run. The time is
 * linear in what is written, however many wait for one event.
 */
export const waitCyclesOf = (jobs: Jobs): readonly (readonly string[])[] => {
  const parts = partsOf(jobs);
  const outcome = simulate(jobs, foreignEvents(parts, eventLinksOf(parts)));
  return outcome.ended.size === parts.length ? [] : cyclesOf(orderOf(jobs, outcome)).map(pathsIn);
};
