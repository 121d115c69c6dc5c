import {
  definitionBytesMax,
  findingsMax,
  FolderName,
  foldersPerImportMax,
  jobsPerFolderMax,
  type ControlMImport,
} from '@guildhall/contracts';
import {
  checkJobs,
  jobsIn,
  locate,
  readDocument,
  strictText,
  surroundingsOf,
  type Container,
  type ControlMDocument,
  type Finding,
  type Jobs,
  type OffsetFinding,
  type ReadDocument,
  type Surroundings,
} from '@guildhall/control-m';
import { isStorable } from '@guildhall/resources';
import { Compile } from 'typebox/compile';
import { documentBounds, type WorkspaceModel } from './workspace-model.ts';

export interface SentDocument {
  readonly name: string;
  readonly text: string;
}

type Status = ControlMImport['documents'][number]['folders'][number]['status'];

/** A folder of a document, as its row would have it. */
export interface PlannedFolder {
  readonly name: string;
  readonly definition: string;
  readonly jobCount: number;
  readonly status: Status;
}

/** A document, and what an import does with it. */
export interface PlannedDocument {
  readonly folders: readonly PlannedFolder[];
  readonly looseJobCount: number;
  readonly findings: readonly Finding[];
  readonly isRefused: boolean;
}

export interface ImportPlanRequest {
  readonly documents: readonly SentDocument[];
  readonly replaces: boolean;
}

/** A planned folder with its place in the document. */
interface FoundFolder extends PlannedFolder {
  readonly container: Container;
}

const nameCharactersMax = 200;
/** The names that a folder's row may have. */
const nameCheck = Compile(FolderName);
/** An escape may spell half of a surrogate pair, which a database keeps as another character: the folder would not be found again. */
const isStorableName = (name: string): boolean => isStorable(name) && nameCheck.Check(name);

const refusal = (code: string, { name, pointer, offset }: Container, message: string, hint: string): OffsetFinding => ({
  code,
  severity: 'error',
  pointer,
  offset,
  message: message.replace('@', name.slice(0, nameCharactersMax)),
  hint,
});

const faultOf = ({ container, definition, jobCount, status }: FoundFolder): OffsetFinding | undefined => {
  const { name } = container;
  if (!isStorableName(name)) {
    return refusal('FOLDER_NAME', container, 'The name of a folder is no visible line of at most 200 characters.', 'Rename it.');
  }
  if (new TextEncoder().encode(definition).byteLength > definitionBytesMax) {
    return refusal('FOLDER_TOO_LONG', container, `The folder @ is longer than ${definitionBytesMax} bytes.`, 'Divide it.');
  }
  if (jobCount > jobsPerFolderMax) {
    return refusal('TOO_MANY_JOBS', container, `The folder @ holds more than ${jobsPerFolderMax} jobs.`, 'Divide it.');
  }
  if (status !== 'taken') return undefined;
  const hint = 'Import with replace=true to give that folder this definition, or rename one of the two.';
  return refusal('FOLDER_EXISTS', container, 'A folder @ with another definition is in the workspace already.', hint);
};

/** Two folders of one name in one document cannot both have a row. */
const twice = (folders: readonly FoundFolder[]): readonly OffsetFinding[] => {
  const names = new Set<string>();
  return folders.flatMap(({ container }) => {
    if (names.has(container.name)) {
      return [refusal('FOLDER_TWICE', container, 'The document defines the folder @ twice.', 'Rename one of the two.')];
    }
    names.add(container.name);
    return [];
  });
};

/** The folders that can be rows: a subfolder beside folders stays in the text of its document. */
const rowsOf = ({ document }: ReadDocument): readonly Container[] =>
  (document?.folders ?? []).filter(({ kind }) => kind !== 'SubFolder');

const planFolder = (container: Container, strict: string, existing: string | undefined, replaces: boolean): FoundFolder => {
  const definition = strict.slice(container.node.from, container.node.to);
  const changed = replaces ? 'updated' : 'taken';
  const known = existing === definition ? 'unchanged' : changed;
  const status = existing === undefined ? 'created' : known;
  return { container, name: container.name, definition, jobCount: jobsIn(container).length, status };
};

/** A document cannot be stored twice under one name. */
const nameTwice = ({ json: { root } }: ReadDocument): OffsetFinding => ({
  code: 'DOCUMENT_TWICE',
  severity: 'error',
  pointer: '',
  offset: root?.from ?? 0,
  message: 'Another document of this import has the same name.',
  hint: 'Give each document a name of its own.',
});

/** An import is stored in one transaction: one that is too large would hold up others. */
const tooManyFolders = ({ json: { root } }: ReadDocument): OffsetFinding => ({
  code: 'TOO_MANY_FOLDERS',
  severity: 'error',
  pointer: '',
  offset: root?.from ?? 0,
  message: `With this document the import has more than ${foldersPerImportMax} folders.`,
  hint: 'Send it in another import, or divide it.',
});

/** A document that was read, with what becomes of its folders. */
interface ReadPlan {
  readonly text: string;
  readonly read: ReadDocument;
  readonly folders: readonly FoundFolder[];
  readonly refusals: readonly OffsetFinding[];
  readonly isRefused: boolean;
}

interface Known {
  /** The definitions of folders by their names. */
  readonly definitions: Map<string, string>;
  /** The names of the documents that were planned. */
  readonly names: Set<string>;
  /** The number of folders in the documents that were planned and are not refused. */
  folderCount: number;
}

const readPlan = ({ definitions, names, folderCount }: Known, { name, text }: SentDocument, replaces: boolean): ReadPlan => {
  const read = readDocument(text, documentBounds);
  if (read.document === undefined) return { text, read, folders: [], refusals: [], isRefused: true };
  const strict = strictText(read.json);
  const folders = rowsOf(read).map((container) => planFolder(container, strict, definitions.get(container.name), replaces));
  const refusals = [
    ...(names.has(name) ? [nameTwice(read)] : []),
    ...(folderCount + folders.length > foldersPerImportMax ? [tooManyFolders(read)] : []),
    ...folders.flatMap((folder) => faultOf(folder) ?? []),
    ...twice(folders),
  ];
  return { text, read, folders, refusals, isRefused: refusals.length > 0 };
};

/** The workspace as an import leaves it: documents and folders of the same names are replaced, those of refused documents are not there. */
const everythingWith = (model: WorkspaceModel, sent: readonly SentDocument[], plans: readonly ReadPlan[]): Jobs => {
  const accepted = plans.filter(({ isRefused }) => !isRefused);
  const folders = new Map(
    [...model.folders, ...accepted.flatMap(({ read }) => read.document?.folders ?? [])].map((folder) => [folder.name, folder]),
  );
  const names = new Set(sent.flatMap(({ name }, index) => (plans[index]?.isRefused === false ? [name] : [])));
  const kept = model.documentModels.filter(({ row }) => !names.has(row.name));
  const loose = [...kept, ...accepted.flatMap(({ read }) => read.document ?? [])];
  return {
    folders: [...folders.values()],
    looseJobs: loose.flatMap(({ looseJobs }) => looseJobs),
    looseFlows: loose.flatMap(({ looseFlows }) => looseFlows),
  };
};

/** The surroundings of a document that is refused: itself, and the events of everything else. */
const aroundRefused = (document: ControlMDocument, { added, addedNames, folders }: Surroundings): Surroundings => {
  const own = surroundingsOf(document);
  return {
    added: own.added.union(added),
    addedNames: own.addedNames.union(addedNames),
    folders: [...folders, ...own.folders],
    cycles: own.cycles,
  };
};

const planDocument = (
  { text, read, folders, refusals, isRefused }: ReadPlan,
  model: WorkspaceModel,
  around: Surroundings,
): PlannedDocument => {
  const { document } = read;
  const located = (findings: readonly OffsetFinding[]): readonly Finding[] => locate(text, findings.slice(0, findingsMax));
  if (document === undefined) return { folders: [], looseJobCount: 0, findings: located(read.findings), isRefused };
  const checked = checkJobs(document, {
    defaults: document.defaults,
    surroundings: isRefused ? aroundRefused(document, around) : around,
    namingRules: model.namingRules,
  });
  return {
    folders: folders.map(({ container: _container, ...folder }) => folder),
    looseJobCount: document.looseJobs.length,
    findings: located([...refusals, ...read.findings, ...checked]),
    isRefused,
  };
};

/**
 * Plans an import document by document: a folder that one defines is there for those behind it. Each is checked with all others: an event that one
 * waits for may be added by any of them.
 */
export const planImport = (model: WorkspaceModel, { documents, replaces }: ImportPlanRequest): readonly PlannedDocument[] => {
  const known: Known = {
    definitions: new Map(model.folderModels.map(({ row }) => [row.name, row.definition])),
    names: new Set(),
    folderCount: 0,
  };
  const plans = documents.map((sent) => {
    const plan = readPlan(known, sent, replaces);
    known.names.add(sent.name);
    if (plan.isRefused) return plan;
    known.folderCount += plan.folders.length;
    for (const { name, definition } of plan.folders) known.definitions.set(name, definition);
    return plan;
  });
  const around = surroundingsOf(everythingWith(model, documents, plans));
  return plans.map((plan) => planDocument(plan, model, around));
};
