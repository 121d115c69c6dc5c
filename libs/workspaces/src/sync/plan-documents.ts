import type { SyncedKind } from '@guildhall/contracts';
import { planRow, type PlannedRow, type SyncSide } from './plan-row.ts';
import type { CopiedDocument, SharedHeads } from './sync-store.ts';
import { absent } from './synced-documents.ts';

/** A document, and what a synchronisation is to do with it. */
export interface PlannedDocument extends PlannedRow {
  readonly id: string;
  readonly kind: SyncedKind;
  readonly name: string;
  readonly theirs: SyncSide;
}

/** True for a row that writes something: also what both changed alike has a new base. */
const isActedOn = ({ action, reason }: PlannedRow): boolean => action !== 'nothing' || reason === 'changed-alike';

/**
 * Deletions come first, which make names free, and then what is pulled: nobody may refuse it. Imported documents come behind the folders
 * that were made of them.
 */
const placeOf = ({ action, kind }: PlannedDocument): number => {
  const place = action === 'delete' ? 0 : action === 'pull' ? 1 : 2;
  return kind === 'control-m-document' ? place + 0.5 : place;
};

export interface DocumentsPlan {
  /** In the order in which they are acted on. */
  readonly rows: readonly PlannedDocument[];
  /** The number of documents for which there is nothing to do. */
  readonly unchanged: number;
}

/** Plans every document of a copy and of its shared workspace, of the kinds that the user may read. */
export const planDocuments = (copied: readonly CopiedDocument[], { documents, kinds }: SharedHeads): DocumentsPlan => {
  const shared = new Map(documents.map((document) => [document.id, document]));
  const own = new Set(copied.map(({ id }) => id));
  const all = [
    ...copied
      .filter(({ kind }) => kinds.has(kind))
      .map(({ id, kind, name, mine, base }) => {
        const found = shared.get(id);
        const theirs = found?.side ?? absent;
        return { id, kind, name: mine.state === null ? (found?.name ?? name) : name, theirs, ...planRow({ base, mine, theirs }) };
      }),
    ...documents
      .filter(({ id }) => !own.has(id))
      .map(({ id, kind, name, side }) => ({
        id,
        kind,
        name,
        theirs: side,
        ...planRow({ base: null, mine: absent, theirs: side }),
      })),
  ];
  const rows = all.filter(isActedOn);
  return { rows: rows.toSorted((one, other) => placeOf(one) - placeOf(other)), unchanged: all.length - rows.length };
};
