import type { DocumentPush, SyncedDocument } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { notFound } from '@guildhall/resources';
import { sendPush, uuidOf } from './push-row.ts';
import type { DocumentId, OwnDocument, StoredBase, StoredSync, SyncParts, SyncRow } from './sync-store.ts';
import type { SyncReport } from './sync-workspace.ts';
import { documentOf } from './synced-documents.ts';

/** An undo gives each row back what it was, on the side that was written to: the next plan is the same as the one before. */

interface Undoing {
  readonly parts: SyncParts;
  readonly path: DocumentId;
  readonly row: SyncRow;
}

const changedSince = (place: 'here' | 'there'): AppError =>
  new AppError('VERSION_MISMATCH', `The document has changed ${place} since.`);

const putRow = ({ parts: { store, now } }: Undoing, row: SyncRow): void =>
  void store.write((transaction) => {
    transaction.putRow(row, now().toISOString());
    return true;
  });

const keep = (undoing: Undoing, { code, message }: AppError): void =>
  putRow(undoing, { ...undoing.row, state: 'kept', push: null, code, detail: message });

/** The version of a document in the copy; null where it had none, or was deleted. */
const documentAt = ({ parts, path }: Undoing, version: number | null, telling: StoredBase | null): SyncedDocument | null => {
  const text = version === null ? undefined : parts.store.findVersion(path, version);
  return text === undefined ? null : documentOf(path.kind, text, telling ?? { description: null, tags: null });
};

const baseDocument = (undoing: Undoing): SyncedDocument | null =>
  documentAt(undoing, undoing.row.baseBefore?.ownVersion ?? null, undoing.row.baseBefore);

/** The document as it was in the shared workspace; undefined for a row that wrote nothing there. */
const beforeThere = (undoing: Undoing): SyncedDocument | null | undefined => {
  const { action, reason, ownVersion } = undoing.row;
  // A merge has stored their text as the version before its own.
  if (action === 'merge') return documentAt(undoing, (ownVersion ?? 0) - 1, null);
  return action === 'push' || reason === 'deleted-here' ? baseDocument(undoing) : undefined;
};

/** The document as it was here; undefined for a row that wrote nothing here. */
const beforeHere = (undoing: Undoing): SyncedDocument | null | undefined => {
  const { action, reason, ownVersionBefore } = undoing.row;
  if (action === 'merge') return documentAt(undoing, ownVersionBefore, null);
  return action === 'pull' || reason === 'deleted-there' ? baseDocument(undoing) : undefined;
};

/** True if both sides are, as far as the copy knows, as the row left them. */
const isCurrent = ({ row }: Undoing, { mine, storedBase }: OwnDocument): boolean =>
  mine.version === row.ownVersion &&
  storedBase?.ownVersion === row.ownVersion &&
  (row.sharedVersion === null || storedBase?.sharedVersion === row.sharedVersion);

/** The base as it was; what was pushed has a new version there. */
const baseAfter = ({ row }: Undoing, pushed: number | null): StoredBase | null => {
  if (pushed === null || row.action === 'merge') return row.baseBefore;
  const before = row.baseBefore ?? { ownVersion: 0, description: null, tags: null };
  return { ...before, sharedVersion: pushed };
};

/** Stores the row with the push, and sends it. Null when it was refused, and the row is kept. */
const pushBack = async (undoing: Undoing, document: SyncedDocument | null): Promise<number | null> => {
  const { parts, path, row } = undoing;
  const push: DocumentPush = row.push ?? {
    kind: path.kind,
    pushId: uuidOf(parts.sha256(JSON.stringify(['undo', row.id]))),
    ifVersion: row.reason === 'deleted-here' ? null : row.sharedVersion,
    note: 'Undoes a synchronisation',
    document,
  };
  putRow(undoing, { ...row, state: 'undoing', push });
  const outcome = await sendPush(parts, path, push);
  if ('version' in outcome) return outcome.version;
  keep(undoing, outcome.refusal.code === 'VERSION_MISMATCH' ? changedSince('there') : outcome.refusal);
  return null;
};

/** Writes back here, and stores the base and the row. */
const writeBack = (undoing: Undoing, pushed: number | null): void => {
  const { parts, path, row } = undoing;
  const { store, now } = parts;
  const at = now().toISOString();
  const document = beforeHere(undoing);
  const isStored = store.write((transaction) => {
    if (!isCurrent(undoing, store.findDocument(path))) return false;
    if (document !== undefined) {
      const version = { document, ifVersion: row.ownVersion, note: 'Undoes a synchronisation', savedBy: 'solo', at };
      if (transaction.putDocument(path, version) === undefined) return false;
    }
    transaction.putBase(path, baseAfter(undoing, pushed), at);
    transaction.putRow({ ...row, state: 'undone', push: null, sharedVersion: pushed ?? row.sharedVersion }, at);
    return true;
  });
  if (!isStored) keep(undoing, changedSince('here'));
};

const undoConflict = (undoing: Undoing): void => {
  const { parts, path, row } = undoing;
  const conflict = row.conflictId === null ? undefined : parts.store.findConflict(path.workspaceId, row.conflictId);
  if (conflict?.resolution !== null) {
    keep(undoing, new AppError('CONFLICT', 'The conflict is closed already.'));
    return;
  }
  const at = parts.now().toISOString();
  parts.store.write((transaction) => {
    transaction.putConflict({ ...conflict, resolution: 'withdrawn', updatedAt: at });
    transaction.putRow({ ...row, state: 'undone' }, at);
    return true;
  });
};

const undoRow = async (undoing: Undoing): Promise<void> => {
  const { parts, path, row } = undoing;
  if (row.action === 'conflict') {
    undoConflict(undoing);
    return;
  }
  if (!isCurrent(undoing, parts.store.findDocument(path))) {
    keep(undoing, changedSince('here'));
    return;
  }
  const there = beforeThere(undoing);
  const pushed = there === undefined ? null : await pushBack(undoing, there);
  if (there === undefined || pushed !== null) writeBack(undoing, pushed);
};

const openUndo = ({ store, now }: SyncParts, workspaceId: string, syncId: string): StoredSync => {
  if (!store.isLiveCopy(workspaceId)) throw notFound('copy of a shared workspace');
  const sync = store.findSync(workspaceId, syncId);
  if (sync === undefined) throw notFound('synchronisation');
  const open = store.findOpenSync(workspaceId);
  if (open !== undefined && (open.id !== syncId || open.state === 'running')) {
    throw new AppError('CONFLICT', `The synchronisation ${open.id} is not at its end: repeat it, or its undo, first.`);
  }
  if (sync.state !== 'finished') return sync;
  const undoing: StoredSync = { ...sync, state: 'undoing' };
  store.write((transaction) => {
    transaction.putSync(undoing, now().toISOString());
    return true;
  });
  return undoing;
};

/**
 * Undoes a finished synchronisation row by row, the last one first. A row whose document has changed since, on the side that is written
 * to, is kept and says so. It may be interrupted at any point and repeated; what is undone already stays so. Throws NOT_FOUND, CONFLICT,
 * and what team-resources answers to all of it.
 */
export const undoSync = async (parts: SyncParts, workspaceId: string, syncId: string): Promise<SyncReport> => {
  const { store, now } = parts;
  const sync = openUndo(parts, workspaceId, syncId);
  const report = (state: StoredSync['state']): SyncReport => ({
    sync: { ...sync, state },
    rows: store.listRows(syncId),
    unchanged: 0,
    remaining: 0,
  });
  if (sync.state === 'undone') return report('undone');
  for (const row of store.listRows(syncId).toReversed()) {
    const path = { workspaceId, id: row.documentId, kind: row.kind };
    if (row.state === 'done' || row.state === 'undoing') await undoRow({ parts, path, row });
  }
  store.write((transaction) => {
    transaction.putSync({ ...sync, state: 'undone' }, now().toISOString());
    return true;
  });
  return report('undone');
};
