import { AppError } from '@guildhall/errors';
import { notFound } from '@guildhall/resources';
import type { StoredSync, SyncParts } from './sync-store.ts';
import type { SyncReport } from './sync-workspace.ts';
import { undoUnit, undoUnits } from './undo-unit.ts';

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
  const rows = store.listRows(syncId).filter(({ state }) => state === 'done' || state === 'undoing');
  const undoing = rows.toReversed().map((row) => ({ parts, path: { workspaceId, id: row.documentId, kind: row.kind }, row }));
  for (const unit of undoUnits(undoing)) await undoUnit(parts, unit);
  store.write((transaction) => {
    transaction.putSync({ ...sync, state: 'undone' }, now().toISOString());
    return true;
  });
  return report('undone');
};
