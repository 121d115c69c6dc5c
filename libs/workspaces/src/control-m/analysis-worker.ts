import { isAppError, type AppErrorOptions, type ErrorCode } from '@guildhall/errors';
import { omitUndefined } from '@guildhall/resources';
import { analyses, analysesWith, type AnalysisName } from './analyses.ts';
import type { StoredControlM } from './control-m-store.ts';
import { loadGraphvizLayout } from './graphviz-layout.ts';
import { modelOf } from './workspace-model.ts';

/** A task of the worker thread. */
export interface AnalysisTask {
  readonly name: AnalysisName;
  readonly stored: StoredControlM;
  readonly args: unknown;
  /** True for a graph that Graphviz lays out. */
  readonly usesGraphviz?: boolean;
}

/** The outcome of a task: an AppError that crosses to another thread loses its class, so its parts are sent. */
export type AnalysisOutcome =
  | { readonly value: unknown }
  | { readonly refusal: { readonly code: ErrorCode; readonly detail: string } & AppErrorOptions };

// Runs in a worker thread: the event loop of a process reads no large documents and lays out no graphs.

let loaded: Promise<typeof analyses> | undefined;
const withGraphviz = (): Promise<typeof analyses> => (loaded ??= loadGraphvizLayout().then(analysesWith));

const analyse = async ({ name, stored, args, usesGraphviz = false }: AnalysisTask): Promise<unknown> => {
  const { [name]: analysis } = usesGraphviz ? await withGraphviz() : analyses;
  return (analysis as (model: unknown, args: unknown) => unknown)(modelOf(stored), args);
};

export default async (task: AnalysisTask | 'load-graphviz'): Promise<AnalysisOutcome> => {
  try {
    if (task !== 'load-graphviz') return { value: await analyse(task) };
    await withGraphviz();
    return { value: null };
  } catch (error) {
    if (!isAppError(error)) throw error;
    const { code, message, errors, retryAfterSeconds } = error;
    return { refusal: { code, detail: message, ...omitUndefined({ errors, retryAfterSeconds }) } };
  }
};
