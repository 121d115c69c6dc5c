import { isAppError, type AppErrorOptions, type ErrorCode } from '@guildhall/errors';
import { omitUndefined } from '@guildhall/resources';
import { analyses, type AnalysisName } from './analyses.ts';
import type { StoredControlM } from './control-m-store.ts';
import { modelOf } from './workspace-model.ts';

/** A task of the worker thread. */
export interface AnalysisTask {
  readonly name: AnalysisName;
  readonly stored: StoredControlM;
  readonly args: unknown;
}

/** The outcome of a task: an AppError that crosses to another thread loses its class, so its parts are sent. */
export type AnalysisOutcome =
  | { readonly value: unknown }
  | { readonly refusal: { readonly code: ErrorCode; readonly detail: string } & AppErrorOptions };

// Runs in a worker thread: the event loop of a process reads no large documents and lays out no large graphs.

export default ({ name, stored, args }: AnalysisTask): AnalysisOutcome => {
  try {
    return { value: (analyses[name] as (model: unknown, args: unknown) => unknown)(modelOf(stored), args) };
  } catch (error) {
    if (!isAppError(error)) throw error;
    const { code, message, errors, retryAfterSeconds } = error;
    return { refusal: { code, detail: message, ...omitUndefined({ errors, retryAfterSeconds }) } };
  }
};
