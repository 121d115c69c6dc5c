import type { Container, Schedulable } from '../model/objects.ts';
import { cyclesOf, successorsOf } from './cycles.ts';
import { byEvent, graphOf, isContainer, isWaiting, partsOf, type GraphEdge, type Jobs } from './dependencies.ts';
import { simulate } from './simulate.ts';

/** Something that would wait for ever after a change, and did not before. */
export interface WaitingForEver {
  readonly path: string;
  /** The events that it waits for and nobody adds any more; empty where it waits for what waits itself. */
  readonly events: readonly string[];
}

/** The blast radius of a change: what it does to the jobs that stay. */
export interface Impact {
  readonly waitForEver: readonly WaitingForEver[];
  /** Jobs and folders that do not wait any more for what they waited for. */
  readonly lostPredecessors: readonly GraphEdge[];
  /** The cycles that were not there before, each by its paths. */
  readonly newCycles: readonly (readonly string[])[];
  /** Jobs that are gone. */
  readonly removedJobs: readonly string[];
}

/** The events that something waits for and nobody adds: they come from elsewhere. */
const foreignEvents = (jobs: Jobs): readonly string[] => {
  const parts = partsOf(jobs);
  const added = byEvent(parts, ({ adds }) => adds);
  return [...byEvent(parts, ({ waitsFor }) => waitsFor).keys()].filter((event) => !added.has(event));
};

const keyOf = ({ from, to, kind, by }: GraphEdge): string => JSON.stringify([from, to, kind, by]);

/** The dependencies of `before` whose waiting end is still there and does not wait for that any more. */
const lostPredecessors = (before: readonly GraphEdge[], after: readonly GraphEdge[], paths: ReadonlySet<string>) => {
  const kept = new Set(after.map(keyOf));
  return before.filter((edge) => paths.has(edge.to) && !kept.has(keyOf(edge)));
};

const waitingEdges = (jobs: Jobs): readonly GraphEdge[] => graphOf(jobs).edges.filter(isWaiting);

/**
 * Finds what a change does. A job or folder that ended before, or is new, and does not end after it is named: events that nobody adds are
 * taken to come from elsewhere only if something waited for them already.
 */
export const impactOf = (before: Jobs, after: Jobs): Impact => {
  const given = foreignEvents(before);
  const [endedBefore, endedAfter] = [simulate(before, given).ended, simulate(after, given).ended];
  const [partsBefore, partsAfter] = [partsOf(before), partsOf(after)];
  const pathsBefore = new Set(partsBefore.map(({ path }) => path));
  const pathsAfter = new Set(partsAfter.map(({ path }) => path));
  const available = new Set([...given, ...partsAfter.flatMap(({ adds }) => adds.map(({ event }) => event))]);
  const [edgesBefore, edgesAfter] = [waitingEdges(before), waitingEdges(after)];
  const knownCycles = new Set(cyclesOf(successorsOf(edgesBefore)).map((cycle) => JSON.stringify(cycle)));
  return {
    waitForEver: partsAfter
      .filter(({ path }) => !endedAfter.has(path) && (endedBefore.has(path) || !pathsBefore.has(path)))
      .map((part) => ({ path: part.path, events: missingEvents(part, available) })),
    lostPredecessors: lostPredecessors(edgesBefore, edgesAfter, pathsAfter),
    newCycles: cyclesOf(successorsOf(edgesAfter)).filter((cycle) => !knownCycles.has(JSON.stringify(cycle))),
    removedJobs: partsBefore.filter((part) => !isContainer(part) && !pathsAfter.has(part.path)).map(({ path }) => path),
  };
};

const missingEvents = ({ waitsFor }: Schedulable, available: ReadonlySet<string>): readonly string[] => [
  ...new Set(waitsFor.map(({ event }) => event).filter((event) => !available.has(event))),
];

/** True if a change leaves everything else as it was. */
export const isHarmless = ({ waitForEver, lostPredecessors: lost, newCycles }: Impact): boolean =>
  waitForEver.length === 0 && lost.length === 0 && newCycles.length === 0;

/** The folders with one of them replaced by another, or taken out (`undefined`). A folder that is not there is added. */
export const replaceFolder = (jobs: Jobs, name: string, next: Container | undefined): Jobs => {
  const isThere = jobs.folders.some((folder) => folder.name === name);
  const folders = isThere
    ? jobs.folders.flatMap((folder) => (folder.name === name ? (next ?? []) : folder))
    : [...jobs.folders, ...(next === undefined ? [] : [next])];
  return { looseJobs: jobs.looseJobs, folders };
};
