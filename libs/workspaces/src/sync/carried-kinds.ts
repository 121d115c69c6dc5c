import type { SyncedDocument, SyncedDocumentKind } from '@guildhall/contracts';
import { readFolders } from '../control-m/document-folders.ts';
import { importedDocumentKind } from '../control-m/stored-documents.ts';
import { folderKind } from '../control-m-folders.ts';
import type { DocumentFields, DocumentKind } from '../documents.ts';
import type { WorkspaceParts } from '../parts.ts';
import { scriptKind } from '../scripts.ts';
import type { DocumentTypes, FolderTypes, ImportedDocumentTypes, ScriptTypes } from '../workspace-store.ts';
import { folderFields, importedFields, scriptFields } from './document-fields.ts';

/** The kinds of documents that are synchronised, each with how its rows and what is carried are made of each other. */

/** A kind of document whose versions say who saved them, when and why. */
export interface SignedTypes extends DocumentTypes {
  readonly version: Readonly<Record<'note' | 'createdBy' | 'createdAt', string>> & { readonly version: number };
}

interface CarriedKind<D extends SignedTypes> {
  readonly kindOf: (parts: WorkspaceParts) => DocumentKind<D>;
  readonly fieldsOf: (document: SyncedDocument) => DocumentFields<D>;
  readonly documentOf: (item: D['item']) => SyncedDocument;
}

const scripts: CarriedKind<ScriptTypes> = {
  kindOf: scriptKind,
  fieldsOf: scriptFields,
  documentOf: ({ name, language, description, tags, content }) => ({
    kind: 'script',
    name,
    language,
    description,
    tags,
    content,
  }),
};

const folders: CarriedKind<FolderTypes> = {
  kindOf: folderKind,
  fieldsOf: folderFields,
  documentOf: ({ name, definition }) => ({ kind: 'control-m-folder', name, definition }),
};

const documents: CarriedKind<ImportedDocumentTypes> = {
  kindOf: importedDocumentKind,
  fieldsOf: importedFields,
  documentOf: (item) => ({
    kind: 'control-m-document',
    name: item.name,
    source: item.source,
    folders: readFolders(item.folders),
  }),
};

/** Runs something for documents of a kind. */
export const withKind = <T>(kind: SyncedDocumentKind, run: <D extends SignedTypes>(carried: CarriedKind<D>) => T): T => {
  if (kind === 'script') return run(scripts);
  return kind === 'control-m-folder' ? run(folders) : run(documents);
};
