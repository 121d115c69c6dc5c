import type { InstallationRun } from '@guildhall/contracts';
import { initialState, lastRunOf, reduce, type InstallationEvent, type InstallationState } from './state.ts';

/** Holds the state, which changes by events alone. */
export interface StateStore {
  state(): InstallationState;
  dispatch(event: InstallationEvent): void;
  /** Calls at once with the last run, if there is one, and with each change of a run. Returns a function that stops it. */
  follow(listener: (run: InstallationRun) => void): () => void;
}

export const createStateStore = (): StateStore => {
  const listeners = new Set<(run: InstallationRun) => void>();
  let state = initialState;
  return {
    state: () => state,
    dispatch(event) {
      const runBefore = lastRunOf(state);
      state = reduce(state, event);
      const run = lastRunOf(state);
      if (run !== null && run !== runBefore) for (const listener of listeners) listener(run);
    },
    follow(listener) {
      const run = lastRunOf(state);
      if (run !== null) listener(run);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
