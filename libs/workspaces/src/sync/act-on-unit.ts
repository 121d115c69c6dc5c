import type { SharedDocument } from '@guildhall/contracts';
import { isAppError, type AppError } from '@guildhall/errors';
import { planRow, type PlannedRow, type SyncSide } from './plan-row.ts';
import { settleRows } from './push-row.ts';
import { rowOf, stepOf, type Acting, type SyncStep } from './sync-steps.ts';
import type { DocumentId, SyncParts, SyncRow } from './sync-store.ts';
import { sideOf } from './synced-documents.ts';

/** A unit is a document, or folders whose names go round among them: all of them are written together, or none. */

export interface RowToActOn {
  readonly syncId: string;
  readonly path: DocumentId;
  readonly name: string;
  readonly theirs: SyncSide;
  /** The ids of the documents that this synchronisation has refused. */
  readonly refused: ReadonlySet<string>;
}

/** True if the shared document is read first: its text is needed, or nothing is deleted here on the word of a list. */
const needsShared = ({ action, reason }: PlannedRow): boolean =>
  action === 'pull' || action === 'conflict' || reason === 'deleted-there';

const actingOn = (parts: SyncParts, row: RowToActOn, theirs: SyncSide, shared: SharedDocument | null): Acting => {
  const own = parts.store.findDocument(row.path);
  return { ...row, parts, own, theirs, shared, planned: planRow({ base: own.base, mine: own.mine, theirs }) };
};

/** Reads a document as both sides are at this moment, or as the list said that the other side is. */
const read = async (parts: SyncParts, row: RowToActOn, isListed: boolean): Promise<Acting> => {
  const listed = actingOn(parts, row, row.theirs, null);
  if (isListed && !needsShared(listed.planned)) return listed;
  const shared = await parts.shared.find(row.path);
  return actingOn(parts, row, sideOf(shared, parts.sha256), shared);
};

const isCurrent = ({ parts: { store }, path, own }: Acting): boolean =>
  store.findDocument(path).mine.version === own.mine.version;

/** Writes all steps, or none, and sends their pushes. False when a side changed since it was read. */
const take = async (parts: SyncParts, steps: readonly SyncStep[]): Promise<boolean> => {
  const { store, now } = parts;
  const at = now().toISOString();
  const isStored = store.write((transaction) => {
    if (steps.length > 1) transaction.freeNames(steps.flatMap(({ acting, isRewritten }) => (isRewritten ? [acting.path] : [])));
    return steps.every(({ acting, write }) => isCurrent(acting) && write(transaction, at));
  });
  const pending = steps.flatMap(({ acting: { path }, pending: row }) => (row === null ? [] : [{ path, row }]));
  return isStored && (await settleRows(parts, pending));
};

const attemptsMax = 5;

/**
 * Acts on a unit as both sides are at this moment, and stores the answers. Undefined when they are stored, or the sides keep changing:
 * the next synchronisation then acts. Otherwise the refusal by this machine's own file, which is not stored.
 */
export const actOnUnit = async (parts: SyncParts, unit: readonly RowToActOn[]): Promise<AppError | undefined> => {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const actings: Acting[] = [];
    for (const row of unit) actings.push(await read(parts, row, attempt === 0));
    try {
      const steps = actings.flatMap((acting) => stepOf(acting) ?? []);
      if (steps.length === 0 || (await take(parts, steps))) return undefined;
    } catch (error) {
      if (!isAppError(error) || error.status >= 500) throw error;
      return error;
    }
  }
  return undefined;
};

/** The row of a document that this machine's own file refuses. */
export const refusedRow = (parts: SyncParts, row: RowToActOn): SyncRow => rowOf(actingOn(parts, row, row.theirs, null), {});
