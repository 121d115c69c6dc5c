import type { OffsetFinding } from '../finding.ts';
import { cyclesOf, successorsOf } from '../graph/cycles.ts';
import { graphOf, isWaiting, partsOf, resolveFlows, type Jobs } from '../graph/dependencies.ts';
import { checkFlowShape } from './check-objects.ts';

const pathsToldMax = 10;

/** Steps of flows that name nothing, and flows without a sequence. */
export const checkFlows = (jobs: Jobs): readonly OffsetFinding[] =>
  resolveFlows(jobs).flatMap(({ container, flow, steps }) => [
    ...checkFlowShape(flow.node, flow.pointer, flow.name),
    ...flow.steps
      .filter((_step, index) => steps[index] === undefined)
      .map(({ name, offset, pointer }): OffsetFinding => ({
        code: 'UNKNOWN_FLOW_STEP',
        severity: 'error',
        pointer,
        offset,
        message: `The flow ${flow.name} names ${name}, and ${container.name} holds no job or subfolder of that name.`,
      })),
  ]);

/** Events that something waits for and nobody in `everything` adds. */
export const checkEvents = (jobs: Jobs, everything: Jobs): readonly OffsetFinding[] => {
  const added = new Set(partsOf(everything).flatMap(({ adds }) => adds.map(({ event }) => event)));
  return partsOf(jobs).flatMap(({ name, waitsFor }) =>
    waitsFor
      .filter(({ event }) => !added.has(event))
      .map(({ event, pointer, offset }): OffsetFinding => ({
        code: 'EVENT_NOBODY_ADDS',
        severity: 'warning',
        pointer,
        offset,
        message: `${name} waits for the event ${event}, which no job or folder of this workspace adds.`,
      })),
  );
};

const told = (paths: readonly string[]): string =>
  paths.length <= pathsToldMax
    ? paths.join(', ')
    : `${paths.slice(0, pathsToldMax).join(', ')} and ${paths.length - pathsToldMax} more`;

/** Jobs and folders that wait for each other in a circle; each cycle is told at its first part within `jobs`. */
export const checkCycles = (jobs: Jobs, everything: Jobs): readonly OffsetFinding[] => {
  const byPath = new Map(partsOf(jobs).map((part) => [part.path, part]));
  return cyclesOf(successorsOf(graphOf(everything).edges.filter(isWaiting))).flatMap((cycle) => {
    const first = cycle.map((path) => byPath.get(path)).find((part) => part !== undefined);
    if (first === undefined) return [];
    const { pointer, offset } = first;
    const message =
      cycle.length === 1 ? `${first.path} waits for itself.` : `These wait for each other in a circle: ${told(cycle)}.`;
    return [{ code: 'CYCLE', severity: 'error', pointer, offset, message }];
  });
};
