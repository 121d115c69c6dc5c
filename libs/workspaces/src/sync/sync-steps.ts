import type { SharedDocument, SyncedDocument } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { baseDocument } from './base-document.ts';
import { mergeFolders } from './merge-folders.ts';
import type { PlannedRow, SyncSide } from './plan-row.ts';
import { pushOf, type PendingPush } from './push-row.ts';
import type { DocumentId, OwnDocument, StoredBase, SyncParts, SyncRow, SyncTransaction } from './sync-store.ts';
import { tellingOf, type Telling } from './synced-documents.ts';

/** A document that is acted on, as it is at this moment. */
export interface Acting {
  readonly parts: SyncParts;
  readonly syncId: string;
  readonly path: DocumentId;
  readonly name: string;
  readonly planned: PlannedRow;
  readonly own: OwnDocument;
  readonly theirs: SyncSide;
  readonly refused: ReadonlySet<string>;
  /** Null: deleted, or not read because it is not needed. */
  readonly shared: SharedDocument | null;
}

/** A write within one transaction. False if the document is no longer as it was read. */
type Write = (transaction: SyncTransaction, at: string) => boolean;

/** The work of one document: what is written here, and the push that it then waits for. */
export interface SyncStep {
  readonly acting: Acting;
  readonly write: Write;
  /** True if the document gets another version here. */
  readonly isRewritten: boolean;
  /** Null where nothing is pushed. */
  readonly pending: PendingPush['row'] | null;
}

/** Merged and solo texts are this machine's own. */
const soloUser = 'solo';

export const rowOf = ({ parts, syncId, path, name, planned, own }: Acting, given: Partial<SyncRow>): SyncRow => ({
  id: parts.newId(),
  syncId,
  documentId: path.id,
  kind: path.kind,
  name,
  ...planned,
  state: 'done',
  baseBefore: own.storedBase,
  ownVersionBefore: own.mine.version,
  ownVersion: own.mine.version,
  sharedVersion: null,
  push: null,
  conflictId: null,
  code: null,
  detail: null,
  ...given,
});

/** The parts of a step that neither rewrites nor pushes. */
const plainStep = (acting: Acting) => ({ acting, isRewritten: false, pending: null });

/** Closes the conflict that the document no longer is. */
const withdrawConflict = ({ parts: { store }, path }: Acting, transaction: SyncTransaction, at: string): void => {
  const open = store.findOpenConflict(path.workspaceId, path.id);
  if (open !== undefined) transaction.putConflict({ ...open, resolution: 'withdrawn', updatedAt: at });
};

/** The base that the document has when its own version equals the shared one. The version of what is deleted there is not known. */
const equalBase = ({ own, theirs }: Acting, ownVersion: number, telling: Telling): StoredBase => ({
  ownVersion,
  sharedVersion: theirs.version ?? own.storedBase?.sharedVersion ?? 0,
  ...telling,
});

/** Both changed alike: the base moves. */
const rebase = (acting: Acting): SyncStep => ({
  ...plainStep(acting),
  write: (transaction, at) => {
    const { own, path, theirs } = acting;
    withdrawConflict(acting, transaction, at);
    transaction.putBase(path, equalBase(acting, own.mine.version ?? 0, tellingOf(own.document)), at);
    transaction.putRow(rowOf(acting, { sharedVersion: theirs.version }), at);
    return true;
  },
});

/** Stores the shared document here, or deletes what is deleted there. */
const pull = (acting: Acting): SyncStep => ({
  ...plainStep(acting),
  isRewritten: acting.shared !== null,
  write: (transaction, at) => {
    const { own, path, shared, theirs } = acting;
    const document = shared?.document ?? null;
    const saved = { note: shared?.note ?? '', savedBy: shared?.savedBy ?? soloUser, at: shared?.savedAt ?? at };
    const ownVersion = transaction.putDocument(path, { document, ifVersion: own.mine.version, ...saved });
    if (ownVersion === undefined) return false;
    withdrawConflict(acting, transaction, at);
    transaction.putBase(path, equalBase(acting, ownVersion, tellingOf(document)), at);
    transaction.putRow(rowOf(acting, { ownVersion, sharedVersion: theirs.version }), at);
    return true;
  },
});

/** Stores the push of the own document. */
const push = (acting: Acting): SyncStep => {
  const { parts, path, own, theirs } = acting;
  const origin = { path, ownVersion: own.mine.version, base: own.storedBase };
  const saved = own.mine.version === null ? undefined : parts.store.findVersion(path, own.mine.version);
  const sent = { ifVersion: theirs.state === null ? null : theirs.version, note: saved?.note ?? '', document: own.document };
  const pending = { ...rowOf(acting, { state: 'sent' }), push: pushOf(parts, origin, sent) };
  const write: Write = (transaction, at) => {
    withdrawConflict(acting, transaction, at);
    transaction.putRow(pending, at);
    return true;
  };
  return { ...plainStep(acting), write, pending };
};

const baseOf = ({ parts: { store }, path, own }: Acting): SyncedDocument | null => baseDocument(store, path, own.storedBase);

/**
 * Stores the shared version, which is the base from now on, the merged one on it, and the push of the merged one. Undefined when the two
 * cannot be merged.
 */
const merge = (acting: Acting, shared: SharedDocument): SyncStep | undefined => {
  const { parts, path, own } = acting;
  const document = mergeFolders(baseOf(acting), own.document, shared.document)?.document ?? null;
  if (document === null || own.mine.version === null) return undefined;
  const { version: sharedVersion } = shared;
  const base = { ownVersion: own.mine.version + 1, sharedVersion, ...tellingOf(document) };
  const ownVersion = base.ownVersion + 1;
  const note = 'Merged by job';
  const sent = pushOf(parts, { path, ownVersion, base }, { ifVersion: sharedVersion, note, document });
  const pending = { ...rowOf(acting, { action: 'merge', state: 'sent', ownVersion }), push: sent };
  const write: Write = (transaction, at) => {
    const theirs = { document: shared.document, note: shared.note, savedBy: shared.savedBy, at: shared.savedAt };
    const theirVersion = transaction.putDocument(path, { ...theirs, ifVersion: own.mine.version, isPassing: true });
    if (theirVersion !== base.ownVersion) return false;
    transaction.putDocument(path, { document, ifVersion: theirVersion, note, savedBy: soloUser, at });
    withdrawConflict(acting, transaction, at);
    transaction.putBase(path, base, at);
    transaction.putRow(pending, at);
    return true;
  };
  return { acting, isRewritten: true, write, pending };
};

/** The id of the row by which an interrupted run of the same synchronisation has answered the conflict. */
const answerTo = ({ parts, syncId }: Acting, conflictId: string): Pick<SyncRow, 'id'> | undefined => {
  const row = parts.store.listRows(syncId).find((stored) => stored.conflictId === conflictId);
  return row === undefined ? undefined : { id: row.id };
};

/** Stores the conflict with its three texts, over one of the document that is open. */
const storeConflict = (acting: Acting): SyncStep => ({
  ...plainStep(acting),
  write: (transaction, at) => {
    const { parts, path, name, planned, own, shared, theirs } = acting;
    const open = parts.store.findOpenConflict(path.workspaceId, path.id);
    const base = baseOf(acting);
    const conflictId = open?.id ?? parts.newId();
    transaction.putConflict({
      id: conflictId,
      workspaceId: path.workspaceId,
      documentId: path.id,
      kind: path.kind,
      name,
      reason: planned.reason,
      base,
      mine: own.document,
      theirs: shared?.document ?? null,
      ownVersion: own.mine.version,
      sharedVersion: theirs.version,
      pointers: mergeFolders(base, own.document, shared?.document ?? null)?.pointers ?? [],
      resolution: null,
      createdAt: open?.createdAt ?? at,
      updatedAt: at,
    });
    const answered = open === undefined ? undefined : answerTo(acting, conflictId);
    transaction.putRow(rowOf(acting, { ...answered, sharedVersion: theirs.version, conflictId }), at);
    return true;
  },
});

const mergeOrStore = (acting: Acting): SyncStep => {
  const { planned, shared } = acting;
  const merged = planned.reason === 'changed-differently' && shared !== null ? merge(acting, shared) : undefined;
  return merged ?? storeConflict(acting);
};

/** Throws CONFLICT for an imported document with a folder that is refused: where it came, it would be without that folder. */
const requireFolders = ({ planned, own, shared, refused }: Acting): void => {
  const document = planned.action === 'push' ? own.document : planned.action === 'pull' ? shared?.document : null;
  if (document?.kind !== 'control-m-document') return;
  const folder = document.folders.find(({ folderId }) => refused.has(folderId));
  if (folder !== undefined) throw new AppError('CONFLICT', `The folder ${folder.name} of this document was refused.`);
};

/** The step for a document; null where there is nothing to do. Throws CONFLICT. */
export const stepOf = (acting: Acting): SyncStep | null => {
  const { planned } = acting;
  requireFolders(acting);
  if (planned.action === 'conflict') return mergeOrStore(acting);
  if (planned.action === 'push' || planned.reason === 'deleted-here') return push(acting);
  if (planned.action === 'pull' || planned.reason === 'deleted-there') return pull(acting);
  return planned.reason === 'unchanged' ? null : rebase(acting);
};
