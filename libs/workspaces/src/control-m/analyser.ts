import { hash } from 'node:crypto';
import { AppError } from '@guildhall/errors';
import { createSlots } from '@guildhall/resources';
import { LRUCache } from 'lru-cache';
import { Piscina } from 'piscina';
import { analyses, type Analyses, type AnalysisArguments, type AnalysisName } from './analyses.ts';
import type { AnalysisOutcome, AnalysisTask } from './analysis-worker.ts';
import type { StoredControlM } from './control-m-store.ts';
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
) => Promise<ReturnType<Analyses[N]>>;

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
/** The idle time after which the worker ends and frees its memory. */
const idleTimeoutMs = 30_000;
/** The most text of graphs that is kept, in UTF-16 code units. */
const keptCharactersMax = 32_000_000;

/** The analyses whose answers are kept: texts that take long to make, and are asked for again. */
const keptAnalyses: ReadonlySet<AnalysisName> = new Set(['graph', 'svg', 'mermaid']);

const charactersOf = ({ folders, documents }: StoredControlM, args: unknown): number => {
  const sent = (args as { readonly documents?: readonly { readonly text: string }[] } | undefined)?.documents ?? [];
  const texts = [...folders.map(({ definition }) => definition), ...documents.map(({ source }) => source)];
  return [...texts, ...sent.map(({ text }) => text)].reduce((sum, { length }) => sum + length, 0);
};

/** The digest of an analysis: of all that its answer depends on. */
const digestOf = (name: AnalysisName, { folders, documents }: StoredControlM, args: unknown): string => {
  const versions = [
    folders.map((row) => [row.id, row.name, row.sha256]),
    documents.map(({ id, name: document, source, folders: ids }) => [id, document, hash('sha256', source), ids]),
  ];
  return hash('sha256', JSON.stringify([name, args, versions]));
};

const createPool = () => {
  const pool = new Piscina<AnalysisTask, AnalysisOutcome>({
    filename: new URL('analysis-worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: idleTimeoutMs,
    // The bound is ours (below): piscina throws an Error of its own at its bound.
    maxQueue: analysesMax,
    resourceLimits: { maxOldGenerationSizeMb: workerMegabytesMax },
  });
  const slots = createSlots({
    slotsMax: analysesMax,
    slotsPerHolderMax: analysesPerUserMax,
    allTaken: () => 'Too many large Control-M workspaces are read at once.',
    shareTaken: () => 'Too many requests of yours read large Control-M workspaces at once.',
    retryAfterSeconds,
  });
  return {
    async run(userId: string, task: AnalysisTask): Promise<unknown> {
      const release = slots.take({ id: userId });
      try {
        const outcome = await pool.run(task);
        if ('value' in outcome) return outcome.value;
        const { code, detail, ...options } = outcome.refusal;
        throw new AppError(code, detail, options);
      } finally {
        release();
      }
    },
    close: () => pool.destroy(),
  };
};

/** One worker thread that reads large workspaces, and a cache of the graphs that were made of them. */
export const createAnalyser = (): Analyser => {
  const pool = createPool();
  const compute = async (userId: string, task: AnalysisTask): Promise<unknown> => {
    const { name, stored, args } = task;
    if (charactersOf(stored, args) > charactersOnLoopMax) return await pool.run(userId, task);
    return (analyses[name] as (model: unknown, args: unknown) => unknown)(modelOf(stored), args);
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
