import { eventKey } from '../model/event-dates.ts';
import type { Container, Schedulable } from '../model/objects.ts';
import { flowEdges, isContainer, partsOf, resolveFlows, type GraphEdge, type Jobs } from './dependencies.ts';
import { addedKeys, eventLinksOf, foreignEvents, type EventLink } from './event-links.ts';
import { simulate } from './simulate.ts';
import { waitCyclesOf } from './wait-cycles.ts';

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

const keyOf = ({ from, to, kind, by }: GraphEdge): string => JSON.stringify([from, to, kind, by]);

/** The orders of flows of `before` whose second step is still there and does not wait for the first any more. */
const lostOrders = (before: Jobs, after: Jobs, paths: ReadonlySet<string>): readonly GraphEdge[] => {
  const kept = new Set(flowEdges(resolveFlows(after)).map(keyOf));
  return flowEdges(resolveFlows(before)).filter((edge) => paths.has(edge.to) && !kept.has(keyOf(edge)));
};

/** The paths of each side of a link. */
interface LinkedPaths {
  readonly adders: ReadonlySet<string>;
  readonly waiters: ReadonlySet<string>;
}

const pathsOf = (parts: ReadonlySet<Schedulable>): ReadonlySet<string> => new Set([...parts].map(({ path }) => path));

/** The most lost dependencies that are told. */
const lostEventsMax = 10_000;

/** The links that make edges of the same kind by one event have one name. */
const nameOf = ({ event, match }: EventLink): string => `${match === 'earlier-run'}\n${event}`;

/** The events of `before` for which something that is still there does not wait any more, or that are not added any more. */
const lostEvents = (before: readonly EventLink[], after: readonly EventLink[], paths: ReadonlySet<string>) => {
  const now = new Map<string, LinkedPaths[]>();
  for (const link of after) {
    const known = now.get(nameOf(link)) ?? [];
    if (known.length === 0) now.set(nameOf(link), known);
    known.push({ adders: pathsOf(link.adders), waiters: pathsOf(link.waiters) });
  }
  const lost = new Map<string, GraphEdge>();
  for (const link of before) {
    const linked = now.get(nameOf(link)) ?? [];
    const kind = link.match === 'earlier-run' ? link.match : 'event';
    for (const { path: from } of link.adders) {
      for (const { path: to } of link.waiters) {
        if (!paths.has(to) || linked.some(({ adders, waiters }) => adders.has(from) && waiters.has(to))) continue;
        const edge = { from, to, kind, by: link.event } as const;
        lost.set(keyOf(edge), edge);
        if (lost.size >= lostEventsMax) return [...lost.values()];
      }
    }
  }
  return [...lost.values()];
};

/**
 * Finds what a change does. A job or folder that ended before, or is new, and does not end after it is named: events that nobody adds are
 * taken to come from elsewhere only if something waited for them already.
 */
export const impactOf = (before: Jobs, after: Jobs): Impact => {
  const [partsBefore, partsAfter] = [partsOf(before), partsOf(after)];
  const [linksBefore, linksAfter] = [eventLinksOf(partsBefore), eventLinksOf(partsAfter)];
  const given = foreignEvents(partsBefore, linksBefore);
  const [endedBefore, endedAfter] = [simulate(before, given).ended, simulate(after, given).ended];
  const pathsBefore = new Set(partsBefore.map(({ path }) => path));
  const pathsAfter = new Set(partsAfter.map(({ path }) => path));
  const available = new Set([...given, ...addedKeys(linksAfter)]);
  const knownCycles = new Set(waitCyclesOf(before).map((cycle) => JSON.stringify(cycle)));
  return {
    waitForEver: partsAfter
      .filter(({ path }) => !endedAfter.has(path) && (endedBefore.has(path) || !pathsBefore.has(path)))
      .map((part) => ({ path: part.path, events: missingEvents(part, available) })),
    lostPredecessors: [...lostOrders(before, after, pathsAfter), ...lostEvents(linksBefore, linksAfter, pathsAfter)],
    newCycles: waitCyclesOf(after).filter((cycle) => !knownCycles.has(JSON.stringify(cycle))),
    removedJobs: partsBefore.filter((part) => !isContainer(part) && !pathsAfter.has(part.path)).map(({ path }) => path),
  };
};

const missingEvents = ({ waitsFor }: Schedulable, available: ReadonlySet<string>): readonly string[] => [
  ...new Set(waitsFor.filter((use) => !available.has(eventKey(use))).map(({ event }) => event)),
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
  return { ...jobs, folders };
};
