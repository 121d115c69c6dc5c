import { Type, type Static } from 'typebox';
import { choiceField, createdFields, deletedField, field, named, pageFields, pageOf, Uuid, WorkspaceId } from '../fields.ts';
import { sha256Hex } from '../patterns.ts';
import { group } from '../route.ts';
import { controlMTag, FolderName } from './control-m.ts';
import { DocumentText, StoredDocumentName } from './control-m-documents.ts';
import { ControlMImpact } from './control-m-impact.ts';
import { comparisonOf, textFields, versionFields, versionOperations } from './document-versions.ts';

/** The imported documents themselves: with their histories, deleted and restored as scripts and folders are. */

const summary = {
  id: field(Uuid, 'The id of the document.', '5e6f7a8b-9c0d-4e2f-8a3b-4c5d6e7f8a9b'),
  workspaceId: field(WorkspaceId, 'The workspace it lies in.', '9a8b7c6d-5e4f-4a3b-8c1d-0e9f8a7b6c5d'),
  name: StoredDocumentName,
  ...textFields,
  ...createdFields,
};
const ControlMDocumentSummary = named(
  'ControlMDocumentSummary',
  'An imported Control-M document without its text, as lists give it.',
  {
    ...summary,
    foldersSha256: Type.String({
      pattern: sha256Hex,
      description: 'The SHA-256 of the ids of its folders with their names in it: another one where an import has made others.',
      examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    }),
  },
);
/** An imported document without its text, as lists give it. */
export type ControlMDocumentSummary = Static<typeof ControlMDocumentSummary>;

export const DocumentFolders = Type.Array(
  named('ControlMDocumentFolder', 'A folder that was made of a document.', {
    name: FolderName,
    folderId: field(Uuid, 'The folder, which may have changed since.', '4d5e6f7a-8b9c-4d1e-8f2a-3b4c5d6e7f8a'),
  }),
  { description: 'The folders that were made of it, by their names in it.' },
);
const whole = {
  source: Type.With(DocumentText, { description: 'Its text, character by character as it was imported.' }),
  folders: DocumentFolders,
};
const ControlMStoredDocument = named('ControlMStoredDocument', 'A Control-M document as it was imported.', {
  ...summary,
  ...whole,
});

const versionSummary = { ...versionFields, name: StoredDocumentName };
const ControlMDocumentVersionSummary = named(
  'ControlMDocumentVersionSummary',
  'A saved version of a Control-M document, without its text.',
  versionSummary,
);
export type ControlMDocumentVersionSummary = Static<typeof ControlMDocumentVersionSummary>;
const ControlMDocumentVersion = named('ControlMDocumentVersion', 'A saved version of a Control-M document.', {
  ...versionSummary,
  ...whole,
});

const inWorkspace = { workspaceId: WorkspaceId };
const params = {
  ...inWorkspace,
  documentId: field(Uuid, 'The Control-M document.', '5e6f7a8b-9c0d-4e2f-8a3b-4c5d6e7f8a9b'),
};
const subject = { type: 'control-m-document', parameter: 'documentId' } as const;

const versions = versionOperations({
  path: '/v1/workspaces/:workspaceId/control-m/documents/:documentId',
  params,
  subject,
});

export const controlMStoredDocumentRoutes = group(controlMTag, {
  listControlMDocuments: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/control-m/documents',
    summary: 'The imported Control-M documents of a workspace, without their texts.',
    permission: 'control-m:read',
    action: 'control-m-document.list',
    subject: { type: 'workspace', parameter: 'workspaceId' },
    params: inWorkspace,
    query: { ...pageFields, state: deletedField('The deleted documents, for callers who may restore them.') },
    responses: { 200: pageOf('ControlMDocumentSummary', ControlMDocumentSummary) },
  },
  getControlMDocument: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/control-m/documents/:documentId',
    summary: 'One Control-M document as it was imported. An export has its folders as they are now.',
    permission: 'control-m:read',
    action: 'control-m-document.read',
    subject,
    params,
    responses: { 200: ControlMStoredDocument },
    answersVersion: true,
  },
  deleteControlMDocument: {
    method: 'DELETE',
    path: '/v1/workspaces/:workspaceId/control-m/documents/:documentId',
    summary:
      'Delete a Control-M document, with the jobs that stand beside its folders, and its `Defaults`. Its folders stay; its name is free again.',
    permission: 'control-m:delete',
    action: 'control-m-document.delete',
    subject,
    params,
    query: {
      dryRun: choiceField(['false', 'true'], 'Whether only the blast radius is answered, and nothing is changed.'),
      force: choiceField(['false', 'true'], 'Whether it is deleted although something refers to its jobs.'),
    },
    responses: { 200: ControlMImpact, 204: null },
    errors: ['CONFLICT', 'UNPROCESSABLE'],
    isVersioned: true,
  },
  restoreControlMDocument: {
    method: 'POST',
    path: '/v1/workspaces/:workspaceId/control-m/documents/:documentId/restore',
    summary: 'Bring a deleted Control-M document back, if its name is still free.',
    permission: 'control-m:delete',
    action: 'control-m-document.restore',
    subject,
    params,
    responses: { 200: ControlMStoredDocument },
    answersVersion: true,
    errors: ['CONFLICT'],
  },
  listControlMDocumentVersions: {
    ...versions.list,
    summary: 'Every saved version of a Control-M document, newest first, without texts.',
    permission: 'control-m:read',
    responses: { 200: pageOf('ControlMDocumentVersion', ControlMDocumentVersionSummary) },
  },
  compareControlMDocumentVersions: {
    ...versions.compare,
    summary: 'Two saved versions of a Control-M document, compared line by line.',
    permission: 'control-m:read',
    responses: { 200: comparisonOf('ControlMDocumentVersionComparison', ControlMDocumentVersionSummary) },
  },
  getControlMDocumentVersion: {
    ...versions.get,
    summary: 'One saved version of a Control-M document with its text.',
    permission: 'control-m:read',
    responses: { 200: ControlMDocumentVersion },
  },
  restoreControlMDocumentVersion: {
    ...versions.restore,
    summary: 'Save an earlier text of a Control-M document again, as the next version. Its folders stay as they are.',
    permission: 'control-m:update',
    responses: { 200: ControlMStoredDocument },
  },
});
