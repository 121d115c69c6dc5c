import type { SyncedDocument } from '@guildhall/contracts';
import { writeFolders } from '../control-m/document-folders.ts';
import type { DocumentFields } from '../documents.ts';
import type { FolderTypes, ImportedDocumentTypes, ScriptTypes } from '../workspace-store.ts';
import { readDefinition } from './read-definition.ts';

/** The fields of a row of each kind, made of what synchronisation carries. */

const notOfKind = (): never => {
  throw new Error('The document is not of the kind that its path names.');
};

export const scriptFields = (document: SyncedDocument): DocumentFields<ScriptTypes> => {
  if (document.kind !== 'script') return notOfKind();
  const { kind: _kind, ...fields } = document;
  return fields;
};

/** Throws INVALID or TOO_LARGE for a definition that is none. */
export const folderFields = (document: SyncedDocument): DocumentFields<FolderTypes> => {
  if (document.kind !== 'control-m-folder') return notOfKind();
  return { name: document.name, ...readDefinition(document.definition) };
};

export const importedFields = (document: SyncedDocument): DocumentFields<ImportedDocumentTypes> => {
  if (document.kind !== 'control-m-document') return notOfKind();
  const { name, source, folders } = document;
  return { name, source, folders: writeFolders(folders) };
};
