import type { SharedDocument } from '@guildhall/contracts';
import { AppError, isAppError } from '@guildhall/errors';
import { mergeFolders } from './merge-folders.ts';
import { planRow, type PlannedRow, type SyncSide } from './plan-row.ts';
import { pushOf, settleRow } from './push-row.ts';
import type { DocumentId, OwnDocument, StoredBase, SyncParts, SyncRow, SyncTransaction } from './sync-store.ts';
import { documentOf, sideOf, tellingOf } from './synced-documents.ts';

/** A document that is acted on, as it is at this moment. */
interface Acting {
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

type Write = (transaction: SyncTransaction, at: string) => boolean;

/** Merged and solo texts are this machine's own. */
const soloUser = 'solo';

const rowOf = ({ parts, syncId, path, name, planned, own }: Acting, given: Partial<SyncRow>): SyncRow => ({
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

/** Writes for a document that is still as it was read. False if it is not, or the write finds another version. */
const writeIfCurrent = ({ parts: { store, now }, path, own }: Acting, write: Write): boolean =>
  store.write(
    (transaction) => store.findDocument(path).mine.version === own.mine.version && write(transaction, now().toISOString()),
  );

/** Closes the conflict that the document no longer is. */
const withdrawConflict = ({ parts: { store }, path }: Acting, transaction: SyncTransaction, at: string): void => {
  const open = store.findOpenConflict(path.workspaceId, path.id);
  if (open !== undefined) transaction.putConflict({ ...open, resolution: 'withdrawn', updatedAt: at });
};

/** The base that the document has when its own version equals the shared one. The version of what is deleted there is not known. */
const equalBase = (
  { own, theirs }: Acting,
  ownVersion: number,
  telling: Pick<StoredBase, 'description' | 'tags'>,
): StoredBase => ({
  ownVersion,
  sharedVersion: theirs.version ?? own.storedBase?.sharedVersion ?? 0,
  ...telling,
});

/** Both changed alike: the base moves. */
const rebase = (acting: Acting): boolean =>
  writeIfCurrent(acting, (transaction, at) => {
    const { own, path, theirs } = acting;
    withdrawConflict(acting, transaction, at);
    transaction.putBase(path, equalBase(acting, own.mine.version ?? 0, tellingOf(own.document)), at);
    transaction.putRow(rowOf(acting, { sharedVersion: theirs.version }), at);
    return true;
  });

/** Stores the shared document here, or deletes what is deleted there. */
const pull = (acting: Acting): boolean =>
  writeIfCurrent(acting, (transaction, at) => {
    const { own, path, shared, theirs } = acting;
    const document = shared?.document ?? null;
    const saved = { note: shared?.note ?? '', savedBy: shared?.savedBy ?? soloUser, at: shared?.savedAt ?? at };
    const ownVersion = transaction.putDocument(path, { document, ifVersion: own.mine.version, ...saved });
    if (ownVersion === undefined) return false;
    withdrawConflict(acting, transaction, at);
    transaction.putBase(path, equalBase(acting, ownVersion, tellingOf(document)), at);
    transaction.putRow(rowOf(acting, { ownVersion, sharedVersion: theirs.version }), at);
    return true;
  });

/** Stores the push of the own document, and sends it. */
const push = async (acting: Acting): Promise<boolean> => {
  const { parts, path, own, theirs } = acting;
  const origin = { path, ownVersion: own.mine.version, base: own.storedBase };
  const saved = own.mine.version === null ? undefined : parts.store.findVersion(path, own.mine.version);
  const sent = { ifVersion: theirs.state === null ? null : theirs.version, note: saved?.note ?? '', document: own.document };
  const pending = { ...rowOf(acting, { state: 'sent' }), push: pushOf(parts, origin, sent) };
  const isStored = writeIfCurrent(acting, (transaction, at) => {
    withdrawConflict(acting, transaction, at);
    transaction.putRow(pending, at);
    return true;
  });
  return isStored && (await settleRow(parts, path, pending));
};

const baseDocument = ({ parts, path, own }: Acting) => {
  const base = own.storedBase;
  const text = base === null ? undefined : parts.store.findVersion(path, base.ownVersion);
  return base === null || text === undefined ? null : documentOf(path.kind, text, base);
};

/**
 * Stores the shared version, which is the base from now on, and the merged one on it, and sends the merged one. Undefined when the two
 * cannot be merged.
 */
const merge = async (acting: Acting, shared: SharedDocument): Promise<boolean | undefined> => {
  const { parts, path, own } = acting;
  const document = mergeFolders(baseDocument(acting), own.document, shared.document)?.document ?? null;
  if (document === null || own.mine.version === null) return undefined;
  const { version: sharedVersion } = shared;
  const base = { ownVersion: own.mine.version + 1, sharedVersion, description: null, tags: null };
  const ownVersion = base.ownVersion + 1;
  const note = 'Merged by job';
  const sent = pushOf(parts, { path, ownVersion, base }, { ifVersion: sharedVersion, note, document });
  const pending = { ...rowOf(acting, { action: 'merge', state: 'sent', ownVersion }), push: sent };
  const isStored = writeIfCurrent(acting, (transaction, at) => {
    const theirs = { document: shared.document, note: shared.note, savedBy: shared.savedBy, at: shared.savedAt };
    const theirVersion = transaction.putDocument(path, { ...theirs, ifVersion: own.mine.version });
    if (theirVersion !== base.ownVersion) return false;
    transaction.putDocument(path, { document, ifVersion: theirVersion, note, savedBy: soloUser, at });
    withdrawConflict(acting, transaction, at);
    transaction.putBase(path, base, at);
    transaction.putRow(pending, at);
    return true;
  });
  return isStored && (await settleRow(parts, path, pending));
};

/** The id of the row by which an interrupted run of the same synchronisation has answered the conflict. */
const answerTo = ({ parts, syncId }: Acting, conflictId: string): Pick<SyncRow, 'id'> | undefined => {
  const row = parts.store.listRows(syncId).find((stored) => stored.conflictId === conflictId);
  return row === undefined ? undefined : { id: row.id };
};

/** Stores the conflict with its three texts, over one of the document that is open. */
const storeConflict = (acting: Acting): boolean =>
  writeIfCurrent(acting, (transaction, at) => {
    const { parts, path, name, planned, own, shared, theirs } = acting;
    const open = parts.store.findOpenConflict(path.workspaceId, path.id);
    const base = baseDocument(acting);
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
  });

const resolveOrStore = async (acting: Acting): Promise<boolean> => {
  const { planned, shared } = acting;
  const merged = planned.reason === 'changed-differently' && shared !== null ? await merge(acting, shared) : undefined;
  return merged ?? storeConflict(acting);
};

/** Throws CONFLICT for an imported document with a folder that is refused: where it came, it would be without that folder. */
const requireFolders = ({ planned, own, shared, refused }: Acting): void => {
  const document = planned.action === 'push' ? own.document : planned.action === 'pull' ? shared?.document : null;
  if (document?.kind !== 'control-m-document') return;
  const folder = document.folders.find(({ folderId }) => refused.has(folderId));
  if (folder !== undefined) throw new AppError('CONFLICT', `The folder ${folder.name} of this document was refused.`);
};

/** Acts once. False when a side changed since it was read. Throws what this machine's own file refuses. */
const act = async (acting: Acting): Promise<boolean> => {
  const { planned } = acting;
  requireFolders(acting);
  if (planned.action === 'conflict') return await resolveOrStore(acting);
  if (planned.action === 'push' || planned.reason === 'deleted-here') return await push(acting);
  if (planned.action === 'pull' || planned.reason === 'deleted-there') return pull(acting);
  return planned.reason === 'unchanged' || rebase(acting);
};

/** True if the shared document is read first: its text is needed, or nothing is deleted here on the word of a list. */
const needsShared = ({ action, reason }: PlannedRow): boolean =>
  action === 'pull' || action === 'conflict' || reason === 'deleted-there';

const attemptsMax = 5;

export interface RowToActOn {
  readonly syncId: string;
  readonly path: DocumentId;
  readonly name: string;
  readonly theirs: SyncSide;
  /** The ids of the documents that this synchronisation has refused. */
  readonly refused: ReadonlySet<string>;
}

/**
 * Acts on a document as both sides are at this moment, and stores the answer. Undefined when it is stored, or the sides keep changing:
 * the next synchronisation then acts. Otherwise the refusal by this machine's own file, which is not stored.
 */
export const actOnRow = async (parts: SyncParts, { theirs: listed, ...row }: RowToActOn): Promise<AppError | undefined> => {
  const { path } = row;
  let theirs = listed;
  let shared: SharedDocument | null | undefined;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const own = parts.store.findDocument(path);
    const planned = planRow({ base: own.base, mine: own.mine, theirs });
    if (shared === undefined && needsShared(planned)) {
      shared = await parts.shared.find(path);
      theirs = sideOf(shared, parts.sha256);
      continue;
    }
    try {
      if (await act({ ...row, parts, planned, own, theirs, shared: shared ?? null })) return undefined;
    } catch (error) {
      if (!isAppError(error) || error.status >= 500) throw error;
      return error;
    }
    shared = await parts.shared.find(path);
    theirs = sideOf(shared, parts.sha256);
  }
  return undefined;
};

/** The row of a document that this machine's own file refuses. */
export const refusedRow = (parts: SyncParts, { theirs, ...row }: RowToActOn): SyncRow => {
  const own = parts.store.findDocument(row.path);
  const planned = planRow({ base: own.base, mine: own.mine, theirs });
  return rowOf({ ...row, parts, planned, own, theirs, shared: null }, {});
};
