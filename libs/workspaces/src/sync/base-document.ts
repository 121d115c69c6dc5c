import type { SyncedDocument } from '@guildhall/contracts';
import type { DocumentId, StoredBase, SyncStore } from './sync-store.ts';
import { documentOf } from './synced-documents.ts';

/** The document as both sides last had it; null: deleted, or never there. */
export const baseDocument = (
  store: Pick<SyncStore, 'findVersion'>,
  path: DocumentId,
  base: StoredBase | null,
): SyncedDocument | null => {
  if (base === null) return null;
  if (path.kind === 'workspace') return base.document;
  const text = store.findVersion(path, base.ownVersion);
  return text === undefined ? null : documentOf(path.kind, text, base);
};
