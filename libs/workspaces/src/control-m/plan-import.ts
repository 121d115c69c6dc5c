import { definitionBytesMax, findingsMax, FolderName, jobsPerFolderMax, type ControlMImport } from '@guildhall/contracts';
import {
  checkJobs,
  jobsIn,
  locate,
  readDocument,
  strictText,
  type Container,
  type Finding,
  type Jobs,
  type OffsetFinding,
  type ReadDocument,
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

/** Everything that may add events: the workspace, with the folders of the document in place of those of their names. */
const everythingWith = (model: WorkspaceModel, read: ReadDocument): Jobs => {
  const own = read.document?.folders ?? [];
  const names = new Set(own.map(({ name }) => name));
  return {
    folders: [...model.folders.filter(({ name }) => !names.has(name)), ...own],
    looseJobs: [...model.looseJobs, ...(read.document?.looseJobs ?? [])],
  };
};

const planDocument = (
  model: WorkspaceModel,
  definitions: ReadonlyMap<string, string>,
  { text }: SentDocument,
  replaces: boolean,
): PlannedDocument => {
  const read = readDocument(text, documentBounds);
  const { document } = read;
  const located = (findings: readonly OffsetFinding[]): readonly Finding[] => locate(text, findings.slice(0, findingsMax));
  if (document === undefined) return { folders: [], looseJobCount: 0, findings: located(read.findings), isRefused: true };
  const strict = strictText(read.json);
  const folders = rowsOf(read).map((container) => planFolder(container, strict, definitions.get(container.name), replaces));
  const refusals = [...folders.flatMap((folder) => faultOf(folder) ?? []), ...twice(folders)];
  const checked = checkJobs(document, {
    defaults: document.defaults,
    everything: everythingWith(model, read),
    namingRules: model.namingRules,
  });
  return {
    folders: folders.map(({ container: _container, ...folder }) => folder),
    looseJobCount: document.looseJobs.length,
    findings: located([...refusals, ...read.findings, ...checked]),
    isRefused: refusals.length > 0,
  };
};

/** Plans an import document by document: a folder that one defines is there for those behind it. */
export const planImport = (model: WorkspaceModel, { documents, replaces }: ImportPlanRequest): readonly PlannedDocument[] => {
  const definitions = new Map(model.folderModels.map(({ row }) => [row.name, row.definition]));
  return documents.map((sent) => {
    const plan = planDocument(model, definitions, sent, replaces);
    if (!plan.isRefused) for (const { name, definition } of plan.folders) definitions.set(name, definition);
    return plan;
  });
};
