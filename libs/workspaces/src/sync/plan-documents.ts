import { exchangedFoldersMax, type SyncedKind } from '@guildhall/contracts';
import { planRow, type PlannedRow, type SyncSide } from './plan-row.ts';
import type { CopiedDocument, SharedHeads } from './sync-store.ts';
import { stronglyConnected } from './strongly-connected.ts';
import { absent } from './synced-documents.ts';

/** A document, and what a synchronisation is to do with it. */
export interface PlannedDocument extends PlannedRow {
  readonly id: string;
  readonly kind: SyncedKind;
  readonly name: string;
  /** Null where this side has none. */
  readonly ownName: string | null;
  readonly theirName: string | null;
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

/** The names of folders that acting on a document takes, each with its side. */
const takenNames = ({ action, kind, ownName, theirName }: PlannedDocument): readonly string[] => {
  if (kind !== 'control-m-folder') return [];
  const [here, there] = [`here ${theirName}`, `there ${ownName}`];
  if (action === 'pull') return [here];
  if (action === 'push') return [there];
  // A merge may take the name of either side.
  return action === 'conflict' && ownName !== null && theirName !== null ? [here, there] : [];
};

/** Puts each document behind those that have the names that it takes: they give them up. */
const inOrderOfNames = (rows: readonly PlannedDocument[]): readonly (readonly PlannedDocument[])[] => {
  const holders = new Map<string, PlannedDocument>();
  for (const row of rows) {
    if (row.kind !== 'control-m-folder') continue;
    if (row.ownName !== null) holders.set(`here ${row.ownName}`, row);
    if (row.theirName !== null) holders.set(`there ${row.theirName}`, row);
  }
  const before = (row: PlannedDocument) =>
    takenNames(row).flatMap((name) => {
      const holder = holders.get(name);
      return holder === undefined || holder === row ? [] : [holder];
    });
  // More than these are not stored together: each is refused while another one has its name.
  return stronglyConnected(rows, before).flatMap((unit) =>
    unit.length > exchangedFoldersMax ? unit.map((row) => [row]) : [unit],
  );
};

export interface DocumentsPlan {
  /** In the order in which they are acted on; folders whose names go round among them together. */
  readonly units: readonly (readonly PlannedDocument[])[];
  /** The number of documents for which there is nothing to do; the workspace itself is none. */
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
        const ownName = mine.state === null ? null : name;
        const names = { name: ownName ?? found?.name ?? name, ownName, theirName: found?.name ?? null };
        return { id, kind, ...names, theirs, ...planRow({ base, mine, theirs }) };
      }),
    ...documents
      .filter(({ id }) => !own.has(id))
      .map(({ id, kind, name, side }) => ({
        id,
        kind,
        name,
        ownName: null,
        theirName: name,
        theirs: side,
        ...planRow({ base: null, mine: absent, theirs: side }),
      })),
  ];
  const rows = all.filter(isActedOn);
  const unchanged = all.filter((one) => one.kind !== 'workspace' && !isActedOn(one)).length;
  return { units: inOrderOfNames(rows.toSorted((one, other) => placeOf(one) - placeOf(other))), unchanged };
};
