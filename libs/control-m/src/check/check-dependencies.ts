import type { OffsetFinding } from '../finding.ts';
import { partsOf, resolveFlows, resolveLooseFlows, type Jobs } from '../graph/dependencies.ts';
import { addedKeys, eventLinksOf } from '../graph/event-links.ts';
import { waitCyclesOf } from '../graph/wait-cycles.ts';
import { eventKey } from '../model/event-dates.ts';
import { checkFlowShape } from './check-objects.ts';

const pathsToldMax = 10;

/** The answers to what the checks of some jobs ask of everything around them. */
export interface Surroundings {
  /** The keys of the events that something adds, as they are waited for. */
  readonly added: ReadonlySet<string>;
  /** The names of the events that something adds, with whatever date. */
  readonly addedNames: ReadonlySet<string>;
  /** The folders of everything, which flows beside the folders name. */
  readonly folders: Jobs['folders'];
  readonly cycles: readonly (readonly string[])[];
}

/** Reads everything once, for the checks of all of its parts. */
export const surroundingsOf = (everything: Jobs): Surroundings => {
  const parts = partsOf(everything);
  return {
    added: addedKeys(eventLinksOf(parts)),
    addedNames: new Set(parts.flatMap(({ adds }) => adds.map(({ event }) => event))),
    folders: everything.folders,
    cycles: waitCyclesOf(everything),
  };
};

/** Steps of flows that name nothing, and flows without a sequence. */
export const checkFlows = (jobs: Jobs, { folders }: Surroundings): readonly OffsetFinding[] =>
  [...resolveFlows({ ...jobs, looseFlows: [] }), ...resolveLooseFlows(jobs, folders)].flatMap(({ container, flow, steps }) => [
    ...checkFlowShape(flow.node, flow.pointer, flow.name),
    ...flow.steps
      .filter((_step, index) => steps[index] === undefined)
      .map(({ name, offset, pointer }): OffsetFinding => ({
        code: 'UNKNOWN_FLOW_STEP',
        severity: 'error',
        pointer,
        offset,
        message:
          container === null
            ? `The flow ${flow.name} names ${name}, and there is no folder or job of that name beside it.`
            : `The flow ${flow.name} names ${name}, and ${container.name} holds no job or subfolder of that name.`,
      })),
  ]);

/** Events that something waits for and nobody adds. */
export const checkEvents = (jobs: Jobs, { added, addedNames }: Surroundings): readonly OffsetFinding[] =>
  partsOf(jobs).flatMap(({ name, waitsFor }) =>
    waitsFor
      .filter((use) => !added.has(eventKey(use)))
      .map(({ event, pointer, offset }): OffsetFinding => ({
        code: 'EVENT_NOBODY_ADDS',
        severity: 'warning',
        pointer,
        offset,
        message: `${name} waits for the event ${event}, which no job or folder of this workspace adds${addedNames.has(event) ? ' with a date that fits' : ''}.`,
      })),
  );

const told = (paths: readonly string[]): string =>
  paths.length <= pathsToldMax
    ? paths.join(', ')
    : `${paths.slice(0, pathsToldMax).join(', ')} and ${paths.length - pathsToldMax} more`;

/** Jobs and folders that wait for each other in a circle; each cycle is told at its first part within `jobs`. */
export const checkCycles = (jobs: Jobs, { cycles }: Surroundings): readonly OffsetFinding[] => {
  const byPath = new Map(partsOf(jobs).map((part) => [part.path, part]));
  return cycles.flatMap((cycle) => {
    const first = cycle.map((path) => byPath.get(path)).find((part) => part !== undefined);
    if (first === undefined) return [];
    const { pointer, offset } = first;
    const message =
      cycle.length === 1 ? `${first.path} waits for itself.` : `These wait for each other in a circle: ${told(cycle)}.`;
    return [{ code: 'CYCLE', severity: 'error', pointer, offset, message }];
  });
};
