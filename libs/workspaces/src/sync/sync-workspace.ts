import { syncedRowsMax } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { notFound } from '@guildhall/resources';
import { actOnUnit, refusedRow, type RowToActOn } from './act-on-unit.ts';
import { baseDocument } from './base-document.ts';
import { mergeFolders } from './merge-folders.ts';
import { planDocuments, type PlannedDocument } from './plan-documents.ts';
import { forgetRows, refuseRow, sendPush, storeAnswers } from './push-row.ts';
import type { DocumentId, StoredConflict, StoredSync, SyncParts, SyncRow } from './sync-store.ts';

/** The answers of a synchronisation, or its plan. */
export interface SyncReport {
  /** Null for a plan. */
  readonly sync: StoredSync | null;
  readonly rows: readonly (SyncRow | PlannedSyncRow)[];
  /** The number of documents for which there was nothing to do. */
  readonly unchanged: number;
  /** The number of documents beyond those that one synchronisation acts on. */
  readonly remaining: number;
}

/** A row of a plan. */
export type PlannedSyncRow = Pick<SyncRow, 'documentId' | 'kind' | 'name' | 'action' | 'reason'> & { readonly state: 'planned' };

const requireCopy = ({ store }: SyncParts, workspaceId: string): void => {
  if (!store.isLiveCopy(workspaceId)) throw notFound('copy of a shared workspace');
};

const pathOf = (workspaceId: string, { documentId: id, kind }: Pick<SyncRow, 'documentId' | 'kind'>): DocumentId => ({
  workspaceId,
  id,
  kind,
});

/** Goes on with the synchronisation that was interrupted, or begins one. Throws CONFLICT while an undo is not at its end. */
const openSync = ({ store, newId, now }: SyncParts, workspaceId: string): StoredSync => {
  const open = store.findOpenSync(workspaceId);
  if (open?.state === 'undoing') {
    throw new AppError('CONFLICT', `The undo of the synchronisation ${open.id} was interrupted: repeat it first.`);
  }
  if (open !== undefined) return open;
  const createdAt = now().toISOString();
  const begun: StoredSync = { id: newId(), workspaceId, state: 'running', createdAt };
  store.write((transaction) => {
    transaction.putSync(begun, createdAt);
    return true;
  });
  return begun;
};

/**
 * Sends the pushes again whose answers are not known, one by one: those that were stored together were stored all, and are answered. What is
 * refused is planned anew. False if there are none.
 */
const settlePending = async (parts: SyncParts, { id, workspaceId }: StoredSync): Promise<boolean> => {
  const pending = parts.store.listRows(id).flatMap(({ push, ...row }) => {
    return push === null ? [] : [{ path: pathOf(workspaceId, row), row: { ...row, push } }];
  });
  for (const one of pending) {
    const outcome = await sendPush(parts, one);
    if ('version' in outcome) storeAnswers(parts, [one], [outcome.version]);
    else forgetRows(parts, [one]);
  }
  return pending.length > 0;
};

/**
 * Acts on units; those with a name that is taken once more, when the others have made names free, and row by row: one of them may be a
 * conflict that is to be stored.
 */
const actInTurn = async (parts: SyncParts, units: readonly (readonly RowToActOn[])[]): Promise<void> => {
  const refused: RowToActOn[] = [];
  for (const unit of units) if ((await actOnUnit(parts, unit)) !== undefined) refused.push(...unit);
  for (const row of refused) {
    const refusal = await actOnUnit(parts, [row]);
    if (refusal !== undefined) refuseRow(parts, refusedRow(parts, row), refusal);
  }
};

const isImported = (unit: readonly PlannedDocument[]): boolean => unit[0]?.kind === 'control-m-document';

/** Acts on imported documents when it is known which folders were refused. */
const actOnUnits = async (
  parts: SyncParts,
  { id: syncId, workspaceId }: StoredSync,
  units: readonly (readonly PlannedDocument[])[],
): Promise<void> => {
  for (const some of [units.filter((unit) => !isImported(unit)), units.filter(isImported)]) {
    const stored = some.length === 0 ? [] : parts.store.listRows(syncId);
    const refused = new Set(stored.filter(({ state }) => state === 'refused').map(({ documentId }) => documentId));
    const rowOf = ({ id, kind, name, theirs }: PlannedDocument): RowToActOn => {
      return { syncId, path: { workspaceId, id, kind }, name, theirs, refused };
    };
    await actInTurn(
      parts,
      some.map((unit) => unit.map(rowOf)),
    );
  }
};

/** The first units that have at most so many rows together. */
const firstUnits = <Row>(units: readonly (readonly Row[])[], rowsMax: number): readonly (readonly Row[])[] => {
  let rows = 0;
  const end = units.findIndex((unit) => {
    rows += unit.length;
    return rows > rowsMax;
  });
  return end === -1 ? units : units.slice(0, end);
};

/** The most open conflicts that one synchronisation looks at. */
const conflictsMax = 1_000;

/** The open conflicts of documents that are as they were when both sides were last equal. */
const settledConflicts = (
  { store }: SyncParts,
  workspaceId: string,
  { rows, kinds }: { readonly rows: readonly PlannedDocument[]; readonly kinds: ReadonlySet<string> },
): readonly StoredConflict[] => {
  const differing = new Set(rows.map(({ id }) => id));
  return store
    .listConflicts(workspaceId, { isOpen: true, after: null, limit: conflictsMax })
    .filter(({ kind, documentId }) => kinds.has(kind) && !differing.has(documentId))
    .flatMap(({ id }) => store.findConflict(workspaceId, id) ?? []);
};

/**
 * Synchronises a copy with its shared workspace, or goes on with what was interrupted: acts on each document that differs, and stores an
 * answer for each. It may be interrupted at any point and repeated. Throws NOT_FOUND, CONFLICT, and what team-resources answers to all
 * of it; what was acted on by then stays.
 */
export const syncWorkspace = async (parts: SyncParts, workspaceId: string): Promise<SyncReport> => {
  requireCopy(parts, workspaceId);
  // Read before anything is stored: while the shared workspace is away, nothing changes here.
  const listed = await parts.shared.listHeads(workspaceId);
  const sync = openSync(parts, workspaceId);
  const heads = (await settlePending(parts, sync)) ? await parts.shared.listHeads(workspaceId) : listed;
  const { units, unchanged } = planDocuments(parts.store.listDocuments(workspaceId), heads);
  const rows = units.flat();
  const acting = firstUnits(units, syncedRowsMax - parts.store.listRows(sync.id).length);
  await actOnUnits(parts, sync, acting);
  const finished: StoredSync = { ...sync, state: 'finished' };
  const settled = settledConflicts(parts, workspaceId, { rows, kinds: heads.kinds });
  parts.store.write((transaction) => {
    for (const conflict of settled) {
      transaction.putConflict({ ...conflict, resolution: 'withdrawn', updatedAt: parts.now().toISOString() });
    }
    transaction.putSync(finished, parts.now().toISOString());
    return true;
  });
  return { sync: finished, rows: parts.store.listRows(sync.id), unchanged, remaining: rows.length - acting.flat().length };
};

/** The planned row of a document, merged where a merge by job unites the two sides. */
const previewRow = async (parts: SyncParts, workspaceId: string, planned: PlannedDocument): Promise<PlannedSyncRow> => {
  const { id, kind, name, action, reason } = planned;
  const row = { documentId: id, kind, name, action, reason, state: 'planned' } as const;
  if (kind !== 'control-m-folder' || reason !== 'changed-differently') return row;
  const path = { workspaceId, id, kind };
  const own = parts.store.findDocument(path);
  const base = baseDocument(parts.store, path, own.storedBase);
  if (base === null) return row;
  const theirs = (await parts.shared.find(path))?.document ?? null;
  const merged = mergeFolders(base, own.document, theirs);
  return (merged?.document ?? null) === null ? row : { ...row, action: 'merge' };
};

/** Answers what a synchronisation would do, document by document. Throws what it would throw. */
export const planSync = async (parts: SyncParts, workspaceId: string): Promise<SyncReport> => {
  requireCopy(parts, workspaceId);
  const heads = await parts.shared.listHeads(workspaceId);
  const { units, unchanged } = planDocuments(parts.store.listDocuments(workspaceId), heads);
  const rows = units.flat();
  const shown = rows.slice(0, syncedRowsMax);
  const previews: PlannedSyncRow[] = [];
  for (const planned of shown) previews.push(await previewRow(parts, workspaceId, planned));
  return { sync: null, rows: previews, unchanged, remaining: rows.length - shown.length };
};

/** The answers of a synchronisation that was begun. Throws NOT_FOUND. */
export const findSync = ({ store }: Pick<SyncParts, 'store'>, workspaceId: string, syncId: string): SyncReport => {
  const sync = store.findSync(workspaceId, syncId);
  if (sync === undefined) throw notFound('synchronisation');
  return { sync, rows: store.listRows(sync.id), unchanged: 0, remaining: 0 };
};
