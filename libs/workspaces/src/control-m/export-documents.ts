import { normalisedText, readDocument, spliceDocument, type CurrentFolders } from '@guildhall/control-m';
import type { StoredFolder } from '../workspace-store.ts';
import { documentBounds, type DocumentModel, type WorkspaceModel } from './workspace-model.ts';
import type { SentDocument } from './plan-import.ts';

export type ExportForm = 'source' | 'normalised';

/** Finds what became of the folders of a document. */
const currentFolders = ({ row }: DocumentModel, rows: ReadonlyMap<string, StoredFolder>): CurrentFolders =>
  new Map(Object.entries(row.folders).map(([name, id]) => [name, rows.get(id) ?? null]));

const inForm = (text: string, form: ExportForm): string => {
  if (form === 'source') return text;
  const { json } = readDocument(text, documentBounds);
  return json.root === undefined ? text : normalisedText(text, json.root);
};

/** The text of a folder that came without a document. */
const textOfFolder = ({ name, definition }: StoredFolder): string => `{${JSON.stringify(name)}: ${definition}}\n`;

/** The first name of this form that is free. */
const freeName = (name: string, taken: ReadonlySet<string>): string => {
  let free = `${name}.json`;
  for (let n = 2; taken.has(free); n += 1) free = `${name}-${n}.json`;
  return free;
};

/**
 * The documents of a workspace by name: those that were imported, with their folders as they are now, and one for each folder that came
 * without. A folder that several documents define is in each of them. A document of which nothing is left is none.
 */
export const exportDocuments = ({ documentModels, folderModels }: WorkspaceModel, form: ExportForm): readonly SentDocument[] => {
  const rows = new Map(folderModels.map(({ row }) => [row.id, row]));
  const owned = new Set(documentModels.flatMap(({ row }) => Object.values(row.folders)));
  const imported = documentModels.flatMap((model) => {
    const isLeft = model.looseJobs.length > 0 || Object.values(model.row.folders).some((id) => rows.has(id));
    if (!isLeft) return [];
    return [{ name: model.row.name, text: inForm(spliceDocument(model.json, currentFolders(model, rows)), form) }];
  });
  const taken = new Set(imported.map(({ name }) => name));
  const alone = folderModels
    .filter(({ row }) => !owned.has(row.id))
    .map(({ row }) => ({ name: freeName(row.name, taken), text: inForm(textOfFolder(row), form) }));
  return [...imported, ...alone].toSorted((one, other) => (one.name < other.name ? -1 : 1));
};
