import type { DocumentPush, SyncedDocument } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { baseDocument } from './base-document.ts';
import { isExchange, sendExchange, sendPush, uuidOf } from './push-row.ts';
import { stronglyConnected } from './strongly-connected.ts';
import type { DocumentId, OwnDocument, StoredBase, SyncParts, SyncRow, SyncTransaction } from './sync-store.ts';
import { documentOf, tellingOf } from './synced-documents.ts';

/** An undo gives each row back what it was, on the side that was written to; folders whose names go round among them together. */

export interface Undoing {
  readonly parts: SyncParts;
  readonly path: DocumentId;
  readonly row: SyncRow;
}

const changedSince = (place: 'here' | 'there'): AppError =>
  new AppError('VERSION_MISMATCH', `The document has changed ${place} since.`);

const keep = (unit: readonly Undoing[], { code, message }: AppError): void => {
  for (const { parts, row } of unit) {
    const at = parts.now().toISOString();
    parts.store.write((transaction) => {
      transaction.putRow({ ...row, state: 'kept', push: null, code, detail: message }, at);
      return true;
    });
  }
};

/** The version of a folder in the copy; null where it had none, or was deleted. */
const folderAt = ({ parts, path }: Undoing, version: number | null): SyncedDocument | null => {
  const text = version === null ? undefined : parts.store.findVersion(path, version);
  return text === undefined ? null : documentOf('control-m-folder', text, tellingOf(null));
};

const baseOf = ({ parts: { store }, path, row }: Undoing): SyncedDocument | null => baseDocument(store, path, row.baseBefore);

/** The document as it was in the shared workspace; undefined for a row that wrote nothing there. */
const beforeThere = (undoing: Undoing): SyncedDocument | null | undefined => {
  const { action, reason, ownVersion } = undoing.row;
  // A merge has stored their text as the version before its own.
  if (action === 'merge') return folderAt(undoing, (ownVersion ?? 0) - 1);
  return action === 'push' || reason === 'deleted-here' ? baseOf(undoing) : undefined;
};

/** The document as it was here; undefined for a row that wrote nothing here. */
const beforeHere = (undoing: Undoing): SyncedDocument | null | undefined => {
  const { action, reason, ownVersionBefore } = undoing.row;
  if (action === 'merge') return folderAt(undoing, ownVersionBefore);
  return action === 'pull' || reason === 'deleted-there' ? baseOf(undoing) : undefined;
};

/** Puts each row behind those whose folders have the names that it gives back. */
export const undoUnits = (rows: readonly Undoing[]): readonly (readonly Undoing[])[] => {
  const folders = rows.filter(({ path, row }) => path.kind === 'control-m-folder' && row.action !== 'conflict');
  const holders = new Map<string, Undoing>();
  for (const undoing of folders) {
    const { document } = undoing.parts.store.findDocument(undoing.path);
    if (document !== null) holders.set(document.name, undoing);
  }
  const isFolder = new Set(folders);
  const before = (undoing: Undoing): readonly Undoing[] => {
    if (!isFolder.has(undoing)) return [];
    const names = new Set([beforeThere(undoing)?.name, beforeHere(undoing)?.name]);
    return [...names].flatMap((name) => {
      const holder = name === undefined ? undefined : holders.get(name);
      return holder === undefined || holder === undoing ? [] : [holder];
    });
  };
  return stronglyConnected(rows, before);
};

/** True if both sides are, as far as the copy knows, as the row left them. */
const isCurrent = ({ row }: Undoing, { mine, storedBase }: OwnDocument): boolean =>
  mine.version === row.ownVersion &&
  storedBase?.ownVersion === row.ownVersion &&
  (row.sharedVersion === null || storedBase?.sharedVersion === row.sharedVersion);

/** The base as it was; what was pushed has a new version there. */
const baseAfter = ({ row }: Undoing, pushed: number | null): StoredBase | null => {
  if (pushed === null || row.action === 'merge') return row.baseBefore;
  const before = row.baseBefore ?? { ownVersion: 0, ...tellingOf(null) };
  return { ...before, sharedVersion: pushed };
};

/** The push that gives back what was there, as it is sent the first time and again; null for a row that wrote nothing there. */
const pushBackOf = (undoing: Undoing): DocumentPush | null => {
  const { parts, path, row } = undoing;
  const document = beforeThere(undoing);
  if (document === undefined || row.push !== null) return row.push;
  const pushId = uuidOf(parts.sha256(JSON.stringify(['undo', row.id])));
  const ifVersion = row.reason === 'deleted-here' ? null : row.sharedVersion;
  return { kind: path.kind, pushId, ifVersion, note: 'Undoes a synchronisation', document };
};

/** Stores the pushes of a unit, and sends them. The versions by the ids of the rows; the refusal where they were refused. */
const pushBack = async (parts: SyncParts, unit: readonly Undoing[]): Promise<ReadonlyMap<string, number> | AppError> => {
  const pushes = unit.flatMap((undoing) => {
    const push = pushBackOf(undoing);
    return push === null ? [] : [{ path: undoing.path, row: { ...undoing.row, state: 'undoing' as const, push } }];
  });
  parts.store.write((transaction) => {
    for (const { row } of pushes) transaction.putRow(row, parts.now().toISOString());
    return true;
  });
  if (pushes.length > 1 && isExchange(pushes)) {
    const outcome = await sendExchange(parts, pushes);
    if ('refusal' in outcome) return outcome.refusal;
    return new Map(pushes.map(({ row: { id } }, index) => [id, outcome.versions[index] ?? 0]));
  }
  const versions = new Map<string, number>();
  for (const push of pushes) {
    const outcome = await sendPush(parts, push);
    if ('refusal' in outcome) return outcome.refusal;
    versions.set(push.row.id, outcome.version);
  }
  return versions;
};

/** Writes back here, and stores the base and the row. False when the document has changed since. */
const writeBack = (transaction: SyncTransaction, undoing: Undoing, pushed: number | null): boolean => {
  const { parts, path, row } = undoing;
  const at = parts.now().toISOString();
  const document = beforeHere(undoing);
  if (!isCurrent(undoing, parts.store.findDocument(path))) return false;
  if (document !== undefined) {
    const version = { document, ifVersion: row.ownVersion, note: 'Undoes a synchronisation', savedBy: 'solo', at };
    if (transaction.putDocument(path, version) === undefined) return false;
  }
  transaction.putBase(path, baseAfter(undoing, pushed), at);
  transaction.putRow({ ...row, state: 'undone', push: null, sharedVersion: pushed ?? row.sharedVersion }, at);
  return true;
};

const undoConflict = ({ parts, path, row }: Undoing): void => {
  const conflict = row.conflictId === null ? undefined : parts.store.findConflict(path.workspaceId, row.conflictId);
  if (conflict?.resolution !== null) {
    keep([{ parts, path, row }], new AppError('CONFLICT', 'The conflict is closed already.'));
    return;
  }
  const at = parts.now().toISOString();
  parts.store.write((transaction) => {
    transaction.putConflict({ ...conflict, resolution: 'withdrawn', updatedAt: at });
    transaction.putRow({ ...row, state: 'undone' }, at);
    return true;
  });
};

/** Undoes the rows of a unit, all of them or none: those whose documents have changed since are kept, and say so. */
export const undoUnit = async (parts: SyncParts, unit: readonly Undoing[]): Promise<void> => {
  const [first] = unit;
  if (first?.row.action === 'conflict') {
    undoConflict(first);
    return;
  }
  if (!unit.every((undoing) => isCurrent(undoing, parts.store.findDocument(undoing.path)))) {
    keep(unit, changedSince('here'));
    return;
  }
  const pushed = await pushBack(parts, unit);
  if (pushed instanceof AppError) {
    keep(unit, pushed.code === 'VERSION_MISMATCH' ? changedSince('there') : pushed);
    return;
  }
  const isStored = parts.store.write((transaction) => {
    const rewritten = unit.filter((undoing) => (beforeHere(undoing) ?? null) !== null);
    if (unit.length > 1) transaction.freeNames(rewritten.map(({ path }) => path));
    return unit.every((undoing) => writeBack(transaction, undoing, pushed.get(undoing.row.id) ?? null));
  });
  if (!isStored) keep(unit, changedSince('here'));
};
