import { definitionNestingMax, documentCharactersMax, type HeldRole } from '@guildhall/contracts';
import {
  isFolderKind,
  pointerPart,
  readDocument,
  readFolder,
  readJson,
  typeOf,
  type Container,
  type Job,
  type Jobs,
  type LooseFlow,
  type NamingRule,
  type ObjectNode,
  type ReadJson,
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
  /** The places of its members, without what is in them: its folders are understood as rows. */
  readonly json: ReadJson;
  readonly defaults: ObjectNode | undefined;
  /** The jobs beside its folders, each with a path of its own in the workspace. */
  readonly looseJobs: readonly Job[];
  readonly looseFlows: readonly LooseFlow[];
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
  /** The `Defaults` that it was understood with. */
  readonly defaults: ObjectNode | undefined;
  readonly made: T;
}

/** The understood texts of rows, by the row's id; the text is compared, so that nothing stale is answered. */
const kept = new LRUCache<string, Kept<unknown>>({ maxSize: keptCharactersMax, maxEntrySize: keptCharactersMax });

/** Understands a folder's definition, with the `Defaults` of its document. */
export const understandFolder = (name: string, definition: string, defaults?: ObjectNode): Container | undefined => {
  const { root } = readJson(definition, { ...documentBounds, charactersMax: definition.length });
  const type = typeOf(root);
  return root?.kind === 'object' && isFolderKind(type) ? readFolder(name, root, type, defaults) : undefined;
};

/** The objects that are made of a folder's text take so many times as much memory as those of a document's, which are places alone. */
const folderWeight = 10;

/** The key says what is made of the text. */
const cached = <T>(key: `${'folder' | 'document'} ${string}`, text: string, make: () => T, defaults?: ObjectNode): T => {
  const known = kept.get(key);
  if (known?.text === text && known.defaults === defaults) return known.made as T;
  const made = make();
  const size = key.startsWith('folder ') ? text.length : Math.ceil(text.length / folderWeight);
  kept.set(key, { text, made, defaults }, { size: Math.max(1, size) });
  return made;
};

const byTime = ({ row: one }: DocumentModel, { row: other }: DocumentModel): number => (one.updatedAt < other.updatedAt ? -1 : 1);

/** The `Defaults` of each folder's document, by the folder's id: of two documents, those of the one that was imported last. */
const defaultsByFolder = (models: readonly DocumentModel[]): ReadonlyMap<string, ObjectNode> =>
  new Map(
    models.toSorted(byTime).flatMap(({ row, defaults }) => {
      return defaults === undefined ? [] : Object.values(row.folders).map((id) => [id, defaults] as const);
    }),
  );

/** Gives each job beside folders a path of its own in the workspace, also where two documents have one name. */
const withOwnPaths = (taken: Set<string>, jobs: readonly Job[]): readonly Job[] =>
  jobs.map((job) => {
    let path = job.path;
    for (let n = 2; taken.has(path); n += 1) path = `${job.path}#${n}`;
    taken.add(path);
    return path === job.path ? job : { ...job, path };
  });

type UnderstoodDocument = Pick<DocumentModel, 'json' | 'defaults' | 'looseJobs' | 'looseFlows'>;

/** Understands what a document has beside its folders. */
const understandDocument = (source: string): UnderstoodDocument => {
  const { json, document } = readDocument(source, documentBounds);
  const { defaults, looseJobs = [], looseFlows = [] } = document ?? {};
  const { root } = json;
  if (root?.kind !== 'object') return { json, defaults, looseJobs, looseFlows };
  const members = root.members.map(({ value: { from, to }, ...member }) => ({
    ...member,
    value: { kind: 'literal', from, to } as const,
  }));
  return { json: { ...json, root: { ...root, members } }, defaults, looseJobs, looseFlows };
};

const documentModelsOf = (stored: StoredControlM): readonly DocumentModel[] => {
  const taken = new Set(stored.folders.map(({ name }) => pointerPart(name)));
  return stored.documents.toSorted(byName).map((row) => {
    const { json, defaults, ...understood } = cached(`document ${row.id}`, row.source, () => understandDocument(row.source));
    const looseJobs = withOwnPaths(taken, understood.looseJobs);
    const looseFlows = understood.looseFlows.map((flow) => ({ ...flow, looseJobs }));
    return { row, json, defaults, looseJobs, looseFlows };
  });
};

/** Understands all that a workspace has of Control-M. */
export const modelOf = (stored: StoredControlM): WorkspaceModel => {
  const documentModels = documentModelsOf(stored);
  const defaults = defaultsByFolder(documentModels);
  const folderModels = stored.folders.toSorted(byName).map((row): FolderModel => {
    const own = defaults.get(row.id);
    const understand = () => ({ container: understandFolder(row.name, row.definition, own) });
    const { container } = cached(`folder ${row.id} ${row.name}`, row.definition, understand, own);
    return { row, container, defaults: own };
  });
  const looseDefaults = new Map(
    documentModels.flatMap(({ defaults: own, looseJobs }) => looseJobs.map((job) => [job, own] as const)),
  );
  return {
    communityId: stored.communityId,
    role: stored.role,
    namingRules: stored.namingRules,
    folderModels,
    documentModels,
    folders: folderModels.flatMap(({ container }) => container ?? []),
    looseJobs: documentModels.flatMap(({ looseJobs }) => looseJobs),
    looseFlows: documentModels.flatMap(({ looseFlows }) => looseFlows),
    defaultsOf: (job) => looseDefaults.get(job),
  };
};
