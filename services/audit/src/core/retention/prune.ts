import type { Change } from '@guildhall/contracts';
import { auditEvent } from '@guildhall/resources';
import { isAcknowledgement } from '../log/acknowledgements.ts';
import { rangesOf, unionOf, without, type IndexRanges } from '../log/index-ranges.ts';
import type { LogEntry } from '../log/log-reader.ts';
import { alteredChanges, indexChanges, tellingOf } from '../log/removal-telling.ts';
import { recordOrThrow } from '../trail/take-events.ts';
import type { RetentionPolicies } from './policy.ts';
import { announcedRangesMax, daysAgo, removalBatchMax, trailResource, type RemovalParts } from './removal.ts';

export interface PruneParts extends RemovalParts {
  readonly newId: () => string;
  readonly policies: Pick<RetentionPolicies, 'read'>;
}

/** The most events, and the most dead letters, that one announcement covers. */
const announcedMax = 100_000;
const pruner = { actor: { type: 'system', id: 'retention' }, requestId: 'retention', service: 'audit' } as const;

/** Records in the trail what is about to be pruned. */
const announce = ({ takeEvents, newId, now }: PruneParts, changes: readonly Change[]): Promise<void> => {
  const draft = { action: 'audit.prune', resource: trailResource, changes };
  return recordOrThrow(takeEvents, auditEvent({ id: newId(), at: now().toISOString(), ...pruner }, 'success', draft));
};

/** Expired events that are announced and removed together. */
interface Chunk {
  readonly ids: string[];
  readonly indexes: number[];
  /** The earlier removals that the chunk's own events tell of: with them gone, the announcement has to tell it. */
  carried: IndexRanges;
  /** The redactions of altered events that these tell of, likewise. */
  altered: IndexRanges;
  ranges: number;
}

const emptyChunk = (): Chunk => ({ ids: [], indexes: [], carried: [], altered: [], ranges: 0 });

const addTo = (chunk: Chunk, entry: LogEntry): void => {
  const telling = tellingOf(entry);
  if (telling !== null) {
    chunk.carried = unionOf(chunk.carried, telling.covers);
    chunk.altered = unionOf(chunk.altered, telling.altered);
  }
  if (chunk.indexes.at(-1) !== entry.leafIndex - 1) chunk.ranges += 1;
  chunk.ids.push(entry.event.id);
  chunk.indexes.push(entry.leafIndex);
};

const isFull = ({ ids, carried, altered, ranges }: Chunk): boolean =>
  ids.length >= announcedMax || ranges + carried.length + altered.length >= announcedRangesMax;

/** Tellings read at a time: the newest prune event mostly says all. */
const pagesOfTellings = [
  { action: 'audit.prune', limit: 1 },
  { action: 'audit.redact', limit: 500 },
  { action: 'audit.prune', limit: 500 },
] as const;

/** The index up to which every event is about to go, or is gone and told of: `end`, unless something is missing of which nothing tells. */
const findFloor = async ({ events, isGenuine }: PruneParts, told: IndexRanges, end: number): Promise<number> => {
  let unexplained = without([{ from: 0, to: end }], told);
  for (const { action, limit } of pagesOfTellings) {
    let last: LogEntry | null = null;
    do {
      if (unexplained.length === 0) return end;
      const page: readonly LogEntry[] = await events.tellings(action, last, limit);
      for (const entry of page.filter(isGenuine)) unexplained = without(unexplained, tellingOf(entry)?.covers ?? []);
      last = page.length === limit && limit > 1 ? (page.at(-1) ?? null) : null;
    } while (last !== null);
  }
  return unexplained[0]?.from ?? end;
};

/** Announces a chunk, with the leaf indexes of all that is gone then and not told of by others, and removes it. */
const removeChunk = async (parts: PruneParts, before: Change, chunk: Chunk, end: number): Promise<number> => {
  const { ids, indexes, carried, altered } = chunk;
  if (ids.length === 0) return 0;
  const told = unionOf(rangesOf(indexes), carried);
  const below = await findFloor(parts, told, end);
  const count = { path: '/count', after: ids.length };
  const above = without(told, [{ from: 0, to: below }]);
  await announce(parts, [before, count, { path: '/below', after: below }, ...indexChanges(above), ...alteredChanges(altered)]);
  let removed = 0;
  for (let from = 0; from < ids.length; from += removalBatchMax)
    removed += await parts.events.prune(ids.slice(from, from + removalBatchMax));
  return removed;
};

/** The expired events, in order; which these are is asked again from page to page. */
async function* readExpired({ events }: PruneParts, recordedBefore: string): AsyncGenerator<LogEntry> {
  for (let after: number | undefined = -1; after !== undefined;) {
    const page: readonly LogEntry[] = await events.expired(recordedBefore, after, removalBatchMax);
    yield* page;
    after = page.length === removalBatchMax ? page.at(-1)?.leafIndex : undefined;
  }
}

const pruneEvents = async (parts: PruneParts, recordedBefore: string): Promise<number> => {
  const before = { path: '/before', after: recordedBefore };
  let stays = (await parts.events.firstKept(recordedBefore)) ?? (await parts.events.size());
  let [removed, chunk] = [0, emptyChunk()];
  for await (const entry of readExpired(parts, recordedBefore)) {
    if (!parts.isGenuine(entry) || isAcknowledgement(entry.event)) {
      stays = Math.min(stays, entry.leafIndex);
      continue;
    }
    addTo(chunk, entry);
    if (!isFull(chunk)) continue;
    removed += await removeChunk(parts, before, chunk, Math.min(stays, entry.leafIndex + 1));
    chunk = emptyChunk();
  }
  return removed + (await removeChunk(parts, before, chunk, stays));
};

/** Announces a number of dead letters and then removes no more than that, also where others expire or a process dies meanwhile. */
const pruneRejected = async (parts: PruneParts, recordedBefore: string): Promise<number> => {
  const before = { path: '/before', after: recordedBefore };
  let removed = 0;
  for (let count = announcedMax; count === announcedMax;) {
    count = await parts.rejected.countExpired(recordedBefore, announcedMax);
    if (count === 0) return removed;
    await announce(parts, [before, { path: '/count', after: 0 }, { path: '/setAside', after: count }]);
    for (let left = count; left > 0; left -= removalBatchMax)
      removed += await parts.rejected.removeExpired(recordedBefore, Math.min(removalBatchMax, left));
  }
  return removed;
};

/** Removes events and dead letters past their retention and returns how many. Does nothing while the policy is for ever. */
export const createPrune = (parts: PruneParts) => async (): Promise<number> => {
  const { keepDays } = await parts.policies.read();
  if (keepDays === null) return 0;
  const recordedBefore = daysAgo(parts.now(), Math.max(keepDays, parts.keepDaysMin));
  return (await pruneEvents(parts, recordedBefore)) + (await pruneRejected(parts, recordedBefore));
};
