import { definitionNestingMax, documentCharactersMax, type HeldRole } from '@guildhall/contracts';
import {
  isFolderKind,
  readDocument,
  readFolder,
  readJson,
  typeOf,
  type Container,
  type Job,
  type Jobs,
  type NamingRule,
  type ObjectNode,
  type ReadDocument,
} from '@guildhall/control-m';
import { LRUCache } from 'lru-cache';
import type { StoredFolder } from '../workspace-store.ts';
import type { StoredControlM, StoredControlMDocument } from './control-m-store.ts';

/** A folder as it is stored, and as it is understood. */
export interface FolderModel {
  readonly row: StoredFolder;
  /** Undefined where the definition cannot be understood. */
  readonly container: Container | undefined;
  /** The `Defaults` of the document that it came with. */
  readonly defaults: ObjectNode | undefined;
}

export interface DocumentModel {
  readonly row: StoredControlMDocument;
  readonly read: ReadDocument;
}

/** All that a workspace has of Control-M, understood. */
export interface WorkspaceModel extends Jobs {
  readonly communityId: string | null;
  readonly role: HeldRole;
  readonly namingRules: readonly NamingRule[];
  /** Its folders by name. */
  readonly folderModels: readonly FolderModel[];
  readonly documentModels: readonly DocumentModel[];
  /** The `Defaults` of a loose job's document. */
  defaultsOf(job: Job): ObjectNode | undefined;
}

/** Two levels more than a definition: the document, and the object behind the folder's name. */
export const documentBounds = { charactersMax: documentCharactersMax, nestingMax: definitionNestingMax + 2 };

/** The most text that is kept understood, in UTF-16 code units: its objects take about twenty times as many bytes. */
const keptCharactersMax = 4_000_000;

const byName = (one: { readonly name: string }, other: { readonly name: string }): number => (one.name < other.name ? -1 : 1);

interface Kept<T> {
  readonly text: string;
  readonly made: T;
}

/** The understood texts of rows, by the row's id; the text is compared, so that nothing stale is answered. */
const kept = new LRUCache<string, Kept<unknown>>({ maxSize: keptCharactersMax, maxEntrySize: keptCharactersMax });

/** Understands a folder's definition. */
export const understandFolder = (name: string, definition: string): Container | undefined => {
  const { root } = readJson(definition, { ...documentBounds, charactersMax: definition.length });
  const type = typeOf(root);
  return root?.kind === 'object' && isFolderKind(type) ? readFolder(name, root, type) : undefined;
};

/** The key says what is made of the text. */
const cached = <T>(key: `${'folder' | 'document'} ${string}`, text: string, make: () => T): T => {
  const known = kept.get(key);
  if (known?.text === text) return known.made as T;
  const made = make();
  kept.set(key, { text, made }, { size: Math.max(1, text.length) });
  return made;
};

const documentModelOf = (row: StoredControlMDocument): DocumentModel => ({
  row,
  read: cached(`document ${row.id}`, row.source, () => readDocument(row.source, documentBounds)),
});

/** The `Defaults` of each folder's document, by the folder's id. */
const defaultsByFolder = (models: readonly DocumentModel[]): ReadonlyMap<string, ObjectNode> =>
  new Map(
    models.flatMap(({ row, read }) => {
      const defaults = read.document?.defaults;
      return defaults === undefined ? [] : Object.values(row.folders).map((id) => [id, defaults] as const);
    }),
  );

/** Understands all that a workspace has of Control-M. */
export const modelOf = (stored: StoredControlM): WorkspaceModel => {
  const documentModels = stored.documents.toSorted(byName).map(documentModelOf);
  const defaults = defaultsByFolder(documentModels);
  const folderModels = stored.folders.toSorted(byName).map((row): FolderModel => ({
    row,
    container: cached(`folder ${row.id} ${row.name}`, row.definition, () => ({
      container: understandFolder(row.name, row.definition),
    })).container,
    defaults: defaults.get(row.id),
  }));
  const looseDefaults = new Map(
    documentModels.flatMap(({ read: { document } }) =>
      (document?.looseJobs ?? []).map((job) => [job, document?.defaults] as const),
    ),
  );
  return {
    communityId: stored.communityId,
    role: stored.role,
    namingRules: stored.namingRules,
    folderModels,
    documentModels,
    folders: folderModels.flatMap(({ container }) => container ?? []),
    looseJobs: [...looseDefaults.keys()],
    defaultsOf: (job) => looseDefaults.get(job),
  };
};
