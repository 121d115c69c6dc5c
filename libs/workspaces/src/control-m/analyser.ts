import { hash } from 'node:crypto';
import { AppError } from '@guildhall/errors';
import { withTimeLimit } from '@guildhall/repeat';
import { createSlots } from '@guildhall/resources';
import { LRUCache } from 'lru-cache';
import { Piscina } from 'piscina';
import { layoutOf } from '@guildhall/control-m';
import { analyses, type AnalysisAnswer, type AnalysisArguments, type AnalysisName } from './analyses.ts';
import type { AnalysisOutcome, AnalysisTask, DrawingTask } from './analysis-worker.ts';
import type { StoredControlM } from './control-m-store.ts';
import { writeDrawing, type Drawing, type DrawingForm } from './graph-answers.ts';
import { modelOf } from './workspace-model.ts';

/**
 * Computes something of all of Control-M in a workspace for a user: a small one here, a large one off the event loop. Throws what the analysis
 * throws; SERVICE_UNAVAILABLE when too many wait, RATE_LIMITED when too many of them are this user's.
 */
export type Analyse = <N extends AnalysisName>(
  userId: string,
  name: N,
  stored: StoredControlM,
  args: AnalysisArguments<N>,
) => Promise<AnalysisAnswer<N>>;

export interface Analyser {
  readonly analyse: Analyse;
  close(): Promise<void>;
}

/** The most text that is read on the event loop, in UTF-16 code units: it takes some ten milliseconds. */
const charactersOnLoopMax = 262_144;
/** The most analyses that are under way or wait: each holds the texts of a workspace. */
const analysesMax = 16;
const analysesPerUserMax = 4;
const retryAfterSeconds = 2;
/** The objects of the texts that are kept understood, those of the largest workspace, and an answer. */
const workerMegabytesMax = 1_536;
/** The young generation of a thread's heap: it is never given back while the thread lives. */
const workerYoungMegabytesMax = 24;
/** The idle time after which the worker ends and frees its memory: reading the largest folder again takes less than a second. */
const idleTimeoutMs = 10_000;
/** The most text of graphs that is kept, in UTF-16 code units. */
const keptCharactersMax = 8_000_000;

/** The time after which a graph has not been laid out by Graphviz, and is laid out plainly, in milliseconds. */
const graphvizMsMax = 5_000;

/** The analyses whose answers are kept: texts that take long to make, and are asked for again. */
const keptAnalyses: ReadonlySet<AnalysisName> = new Set(['graph', 'svg', 'mermaid']);

/** The texts that come with the arguments of an analysis: documents, or two versions. */
interface SentTexts {
  readonly documents?: readonly { readonly text: string }[];
  readonly from?: { readonly definition: string };
  readonly to?: { readonly definition: string };
}

const charactersOf = ({ folders, documents }: StoredControlM, args: unknown): number => {
  const sent = (args ?? {}) as SentTexts;
  const texts = [
    ...folders.map(({ definition }) => definition),
    ...documents.map(({ source }) => source),
    ...(sent.documents ?? []).map(({ text }) => text),
    ...[sent.from, sent.to].map((version) => version?.definition ?? ''),
  ];
  return texts.reduce((sum, { length }) => sum + length, 0);
};

/** The digest of an analysis: of all that its answer depends on. */
const digestOf = (name: AnalysisName, { folders, documents }: StoredControlM, args: unknown): string => {
  const versions = [
    folders.map((row) => [row.id, row.name, row.sha256]),
    documents.map(({ id, name: document, source, folders: ids }) => [id, document, hash('sha256', source), ids]),
  ];
  return hash('sha256', JSON.stringify([name, args, versions]));
};

const createThread = () =>
  new Piscina<AnalysisTask | DrawingTask | 'load-graphviz', AnalysisOutcome>({
    filename: new URL('analysis-worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: idleTimeoutMs,
    // The bound is ours (below): piscina throws an Error of its own at its bound.
    maxQueue: analysesMax,
    resourceLimits: { maxOldGenerationSizeMb: workerMegabytesMax, maxYoungGenerationSizeMb: workerYoungMegabytesMax },
  });

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

/** A worker thread that lays out one graph after the other by Graphviz, and is ended where one takes too long. */
const createDrawer = (layoutMsMax: number) => {
  const thread = createThread();
  let turn: Promise<unknown> = Promise.resolve();
  /** Undefined where it takes too long. The time begins when the thread runs, and has loaded Graphviz. */
  const draw = async (task: DrawingTask): Promise<AnalysisOutcome | undefined> => {
    try {
      await thread.run('load-graphviz');
      return await withTimeLimit(layoutMsMax, (signal) => thread.run(task, { signal }));
    } catch (error) {
      if (!isAbort(error)) throw error;
      return undefined;
    }
  };
  return {
    draw(task: DrawingTask): Promise<AnalysisOutcome | undefined> {
      const drawn = turn.then(() => draw(task));
      turn = drawn.catch(() => undefined);
      return drawn;
    },
    close: () => thread.destroy(),
  };
};

/** Throws the refusal of an outcome. */
const valueOf = (outcome: AnalysisOutcome): unknown => {
  if ('value' in outcome) return outcome.value;
  const { code, detail, ...options } = outcome.refusal;
  throw new AppError(code, detail, options);
};

const createPool = (layoutMsMax: number) => {
  const [reader, drawer] = [createThread(), createDrawer(layoutMsMax)];
  const slots = createSlots({
    slotsMax: analysesMax,
    slotsPerHolderMax: analysesPerUserMax,
    allTaken: () => 'Too many large Control-M workspaces are read at once.',
    shareTaken: () => 'Too many requests of yours read large Control-M workspaces at once.',
    retryAfterSeconds,
  });
  const inSlot = async <T>(userId: string, work: () => Promise<T>): Promise<T> => {
    const release = slots.take({ id: userId });
    try {
      return await work();
    } finally {
      release();
    }
  };
  return {
    read: (userId: string, task: AnalysisTask): Promise<AnalysisOutcome> => inSlot(userId, () => reader.run(task)),
    /** Undefined for a graph that takes too long. */
    draw: (userId: string, task: DrawingTask): Promise<AnalysisOutcome | undefined> => inSlot(userId, () => drawer.draw(task)),
    close: async () => {
      await Promise.all([reader.destroy(), drawer.close()]);
    },
  };
};

/**
 * Worker threads that read large workspaces and lay out graphs, and a cache of the graphs that were made. A graph that Graphviz has not
 * laid out within `layoutMsMax` milliseconds has the plain layout.
 */
export const createAnalyser = ({ layoutMsMax = graphvizMsMax }: { readonly layoutMsMax?: number } = {}): Analyser => {
  const pool = createPool(layoutMsMax);
  const read = async (userId: string, task: AnalysisTask): Promise<unknown> => {
    const { name, stored, args } = task;
    if (charactersOf(stored, args) > charactersOnLoopMax) return valueOf(await pool.read(userId, task));
    return (analyses[name] as (model: unknown, args: unknown) => unknown)(modelOf(stored), args);
  };
  const draw = async (userId: string, form: DrawingForm, drawing: Drawing): Promise<string> => {
    if ('text' in drawing) return drawing.text;
    const { graph } = drawing;
    const drawn = await pool.draw(userId, { form, graph });
    // The plain layout of a graph that Graphviz may take is a matter of milliseconds.
    return drawn === undefined ? writeDrawing(form, graph, layoutOf) : String(valueOf(drawn));
  };
  const compute = async (userId: string, task: AnalysisTask): Promise<unknown> => {
    const { name } = task;
    const found = await read(userId, task);
    return name === 'graph' || name === 'svg' ? await draw(userId, name, found as Drawing) : found;
  };
  const kept = new LRUCache<string, string, () => Promise<string>>({
    maxSize: keptCharactersMax,
    sizeCalculation: ({ length }) => Math.max(1, length),
    // Single flight: who asks while it is made waits for the same answer.
    fetchMethod: (_digest, _stale, { context }) => context(),
  });
  const analyse = async (userId: string, name: AnalysisName, stored: StoredControlM, args: unknown): Promise<unknown> => {
    const task = { name, stored, args };
    if (!keptAnalyses.has(name)) return await compute(userId, task);
    return await kept.fetch(digestOf(name, stored, args), { context: async () => String(await compute(userId, task)) });
  };
  return { analyse: analyse as Analyse, close: pool.close };
};
