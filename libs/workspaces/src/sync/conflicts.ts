import type { SyncedDocument } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { cursorOf, notFound, pageRequest, readPosition, toPage, type Page, type PageQuery } from '@guildhall/resources';
import type { ConflictSummary, Resolution, StoredBase, StoredConflict, SyncParts, SyncStore } from './sync-store.ts';
import { tellingOf } from './synced-documents.ts';

/** Conflicts are resolved in the copy: the next synchronisation pushes what they were resolved to. */

export interface ConflictPath {
  readonly workspaceId: string;
  readonly conflictId: string;
}

export interface ConflictListQuery extends PageQuery {
  readonly state?: 'open' | 'closed';
}

/** A page of the conflicts of a copy, newest first, without their texts. Throws NOT_FOUND. */
export const listConflicts = (
  store: SyncStore,
  workspaceId: string,
  { state = 'open', ...query }: ConflictListQuery,
): Page<ConflictSummary> => {
  if (!store.isLiveCopy(workspaceId)) throw notFound('copy of a shared workspace');
  const request = { ...pageRequest(query, readPosition), isOpen: state === 'open' };
  return toPage(store.listConflicts(workspaceId, request), query, cursorOf);
};

/** A conflict with its three texts. Throws NOT_FOUND. */
export const findConflict = (store: SyncStore, { workspaceId, conflictId }: ConflictPath): StoredConflict => {
  const conflict = store.isLiveCopy(workspaceId) ? store.findConflict(workspaceId, conflictId) : undefined;
  if (conflict === undefined) throw notFound('conflict');
  return conflict;
};

export interface ConflictChoice extends ConflictPath {
  readonly take: Exclude<Resolution, 'withdrawn'>;
  /** The merged document; undefined with another choice. */
  readonly merged: SyncedDocument | undefined;
}

const invalid = (message: string): AppError =>
  new AppError('INVALID', 'The body does not fit this operation.', { errors: [{ path: '/document', message }] });

/** The document that a conflict is resolved to; null deletes it. Throws INVALID. */
const chosen = (conflict: StoredConflict, { take, merged }: ConflictChoice): SyncedDocument | null => {
  if ((take === 'merged') !== (merged !== undefined)) throw invalid('must come with `merged`, and with nothing else');
  if (merged !== undefined && merged.kind !== conflict.kind) throw invalid('must be of the kind of the conflict');
  return merged ?? (take === 'mine' ? conflict.mine : conflict.theirs);
};

const changedSince = (): AppError =>
  new AppError('CONFLICT', 'The document has changed here since. Synchronise again: that renews or closes the conflict.');

/**
 * Resolves a conflict by one of its texts or a merged one. Their text becomes a version of the copy and the base, so that it is not lost;
 * what was chosen instead is the version behind it. The same choice again changes nothing. Throws NOT_FOUND, INVALID, and CONFLICT when it
 * is closed otherwise, when the document has changed since, or when another folder has the name.
 */
export const resolveConflict = ({ store, now }: Pick<SyncParts, 'store' | 'now'>, choice: ConflictChoice): StoredConflict => {
  const conflict = findConflict(store, choice);
  const document = chosen(conflict, choice);
  if (conflict.resolution === choice.take) return conflict;
  if (conflict.resolution !== null) throw new AppError('CONFLICT', 'This conflict is closed already.');
  const path = { workspaceId: conflict.workspaceId, id: conflict.documentId, kind: conflict.kind };
  const at = now().toISOString();
  const resolved: StoredConflict = { ...conflict, resolution: choice.take, updatedAt: at };
  const isStored = store.write((transaction) => {
    const own = store.findDocument(path);
    if (own.mine.version !== conflict.ownVersion) return false;
    const saved = { savedBy: 'solo', at };
    const passing = choice.take === 'theirs' || document === null ? {} : ({ isPassing: true } as const);
    const theirs = {
      document: conflict.theirs,
      ifVersion: own.mine.version,
      note: 'Theirs, at a conflict',
      ...saved,
      ...passing,
    };
    const theirVersion = transaction.putDocument(path, theirs);
    if (theirVersion === undefined) return false;
    const next = { document, ifVersion: theirVersion, note: `Conflict resolved: ${choice.take}`, ...saved };
    if (choice.take !== 'theirs' && transaction.putDocument(path, next) === undefined) return false;
    const sharedVersion = conflict.sharedVersion ?? own.storedBase?.sharedVersion ?? 0;
    const base: StoredBase = { ownVersion: theirVersion, sharedVersion, ...tellingOf(conflict.theirs) };
    transaction.putBase(path, base, at);
    transaction.putConflict(resolved);
    return true;
  });
  if (!isStored) throw changedSince();
  return resolved;
};
