import { isAppError, type AppErrorOptions, type ErrorCode } from '@guildhall/errors';
import type { Graph } from '@guildhall/control-m';
import { omitUndefined } from '@guildhall/resources';
import { analyses, type AnalysisName } from './analyses.ts';
import type { StoredControlM } from './control-m-store.ts';
import { writeDrawing, type DrawingForm, type LayOut } from './graph-answers.ts';
import { modelOf } from './workspace-model.ts';

/** A task of a thread that reads workspaces. */
export interface AnalysisTask {
  readonly name: AnalysisName;
  readonly stored: StoredControlM;
  readonly args: unknown;
}

/** A task of the thread that lays out graphs by Graphviz. */
export interface DrawingTask {
  readonly form: DrawingForm;
  readonly graph: Graph;
}

/** The outcome of a task: an AppError that crosses to another thread loses its class, so its parts are sent. */
export type AnalysisOutcome =
  | { readonly value: unknown }
  | { readonly refusal: { readonly code: ErrorCode; readonly detail: string } & AppErrorOptions };

// Runs in a worker thread: the event loop of a process reads no large documents and lays out no graphs. The thread that lays out graphs is another
// than the one that reads: it may be ended in the middle of a graph, and is sent nothing but the graph, so that no workspace is understood twice.

let loaded: Promise<LayOut> | undefined;
/** Graphviz is loaded by the thread that uses it. */
const layOutByGraphviz = (): Promise<LayOut> =>
  (loaded ??= import('./graphviz-layout.ts').then(({ loadGraphvizLayout }) => loadGraphvizLayout()));

const perform = async (task: AnalysisTask | DrawingTask | 'load-graphviz'): Promise<unknown> => {
  if (task === 'load-graphviz') return void (await layOutByGraphviz());
  if ('graph' in task) return writeDrawing(task.form, task.graph, await layOutByGraphviz());
  return (analyses[task.name] as (model: unknown, args: unknown) => unknown)(modelOf(task.stored), task.args);
};

export default async (task: AnalysisTask | DrawingTask | 'load-graphviz'): Promise<AnalysisOutcome> => {
  try {
    return { value: await perform(task) };
  } catch (error) {
    if (!isAppError(error)) throw error;
    const { code, message, errors, retryAfterSeconds } = error;
    return { refusal: { code, detail: message, ...omitUndefined({ errors, retryAfterSeconds }) } };
  }
};
