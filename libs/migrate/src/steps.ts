import type { MigrationState } from './recorded.ts';

export type Direction = 'up' | 'down';

/** A file to run, in one direction. */
export interface Step {
  readonly direction: Direction;
  readonly name: string;
}

export const upSteps = (states: readonly MigrationState[], count?: number): readonly Step[] =>
  states
    .filter(({ appliedAt }) => appliedAt === null)
    .slice(0, count)
    .map(({ name }) => ({ direction: 'up', name }));

export const downSteps = (states: readonly MigrationState[], count = 1): readonly Step[] =>
  states
    .filter(({ appliedAt }) => appliedAt !== null)
    .slice(-Math.max(1, count))
    .map(({ name }): Step => ({ direction: 'down', name }))
    .toReversed();

export const redoSteps = (states: readonly MigrationState[], count?: number): readonly Step[] => {
  const down = downSteps(states, count);
  return [...down, ...down.toReversed().map(({ name }): Step => ({ direction: 'up', name }))];
};
