import { Type, type Static } from 'typebox';
import { closed, Description, Name, nullable, Timestamp, UserId, Uuid, Version } from '../fields.ts';
import { storableText } from '../patterns.ts';
import { route } from '../route.ts';
import { definitionBytesMax, FolderName } from './control-m.ts';
import { DocumentText, StoredDocumentName } from './control-m-documents.ts';
import { ControlMNamingRules } from './control-m-naming-rules.ts';
import { DocumentFolders } from './control-m-stored-documents.ts';
import { noteCharactersMax } from './document-versions.ts';
import { Content, Language, ScriptDescription, ScriptName, Tags } from './script-fields.ts';

/**
 * The internal operations by which the gateway synchronises a copy of a shared workspace, served by team-resources to a principal:
 * read a document whole, and store one as the copy has it.
 */

/** The kinds of documents that are synchronised. */
export const documentKinds = ['script', 'control-m-folder', 'control-m-document'] as const;
export type SyncedDocumentKind = (typeof documentKinds)[number];
/** The kinds of synchronised rows: the documents, and the workspace itself, under its own id. */
export const syncedKinds = [...documentKinds, 'workspace'] as const;
export type SyncedKind = (typeof syncedKinds)[number];

const SyncedScript = closed({
  kind: Type.Literal('script', { description: 'A script.', examples: ['script'] }),
  name: ScriptName,
  language: Language,
  description: ScriptDescription,
  tags: Tags,
  content: Content,
});
const SyncedFolder = closed({
  kind: Type.Literal('control-m-folder', { description: 'A Control-M folder.', examples: ['control-m-folder'] }),
  name: FolderName,
  definition: Type.String({
    maxLength: definitionBytesMax,
    pattern: storableText,
    description: 'The text of the definition, character by character.',
    examples: ['{"Type": "Folder", "Load": {"Type": "Job:Dummy"}}'],
  }),
});
const SyncedImport = closed({
  kind: Type.Literal('control-m-document', {
    description: 'An imported Control-M document.',
    examples: ['control-m-document'],
  }),
  name: StoredDocumentName,
  source: DocumentText,
  folders: DocumentFolders,
});
const SyncedWorkspace = closed({
  kind: Type.Literal('workspace', { description: 'What a workspace itself says.', examples: ['workspace'] }),
  name: Name,
  description: Description,
  namingRules: ControlMNamingRules.properties.rules,
});
export const SyncedDocument = Type.Union([SyncedScript, SyncedFolder, SyncedImport, SyncedWorkspace]);
/** The fields of a document that synchronisation carries. */
export type SyncedDocument = Static<typeof SyncedDocument>;

const Note = Type.String({ maxLength: noteCharactersMax, pattern: storableText });

const SharedDocument = closed({
  document: SyncedDocument,
  version: Version,
  savedBy: UserId,
  savedAt: Timestamp,
  note: Note,
});
/** A document of a shared workspace with its last version. */
export type SharedDocument = Static<typeof SharedDocument>;

const DocumentPush = closed({
  kind: Type.Enum([...syncedKinds]),
  pushId: Type.With(Uuid, { description: 'The id of the version that is stored: the same push again stores no other one.' }),
  ifVersion: nullable(Version, 'The version that it follows; null where the document is not there, or deleted.'),
  note: Note,
  document: nullable(SyncedDocument, 'Null deletes it.'),
});
/** A document as a copy has it, on its way into the shared workspace. */
export type DocumentPush = Static<typeof DocumentPush>;

const params = closed({ workspaceId: Uuid, documentId: Uuid });
const path = '/internal/workspaces/:workspaceId/documents/:documentId';
const errors = ['UNAUTHENTICATED', 'NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE', 'NOT_FOUND'] as const;

export const findSharedDocument = route({
  name: 'findSharedDocument',
  method: 'GET',
  path,
  summary:
    'A document of a shared workspace, whole, with who saved its last version and why; null where it is deleted, or not there. NOT_FOUND for callers who may not read such documents there.',
  params,
  query: closed({ kind: Type.Enum([...syncedKinds]) }),
  responses: { 200: closed({ found: nullable(SharedDocument, 'The document.') }) },
  errors,
});

/** The most folders that exchange their names in one push. */
export const exchangedFoldersMax = 100;

const FolderExchange = closed({
  pushes: Type.Array(closed({ folderId: Uuid, push: DocumentPush }), { minItems: 2, maxItems: exchangedFoldersMax }),
});

export const pushExchangedFolders = route({
  name: 'pushExchangedFolders',
  method: 'PUT',
  path: '/internal/workspaces/:workspaceId/exchanged-folders',
  summary:
    'Saves Control-M folders that exchange their names, each as its next version: all of them, or none. The same pushes again answer the versions that they stored. VERSION_MISMATCH where another version of one is there.',
  params: closed({ workspaceId: Uuid }),
  body: FolderExchange,
  responses: { 200: closed({ versions: Type.Array(Version) }) },
  errors: [...errors, 'FORBIDDEN', 'CONFLICT', 'VERSION_MISMATCH', 'TOO_LARGE', 'SERVICE_UNAVAILABLE'],
  /** Room for the longest definition, every character of it escaped. */
  bodyBytesMax: 32 * 1024 * 1024,
});

export const pushDocument = route({
  name: 'pushDocument',
  method: 'PUT',
  path,
  summary:
    'Creates, saves, restores or deletes a document, under the id that it has, as its next version. The same push again answers the version that it stored. VERSION_MISMATCH where another version is there.',
  params,
  body: DocumentPush,
  responses: { 200: closed({ version: Version }) },
  errors: [...errors, 'FORBIDDEN', 'CONFLICT', 'VERSION_MISMATCH', 'TOO_LARGE', 'SERVICE_UNAVAILABLE'],
  /** Room for the longest document, every character of it escaped. */
  bodyBytesMax: 32 * 1024 * 1024,
});
