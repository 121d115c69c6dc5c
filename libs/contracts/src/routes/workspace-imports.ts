import { Type, type Static, type TSchema } from 'typebox';
import { closed, CommunityId, Description, Name, nullable, Timestamp, UserId, Uuid, Version } from '../fields.ts';
import { sha256Hex, storableText } from '../patterns.ts';
import { route } from '../route.ts';
import { definitionBytesMax, FolderName, JobCount } from './control-m.ts';
import { documentCharactersMax, StoredDocumentName } from './control-m-documents.ts';
import { ControlMNamingRules } from './control-m-naming-rules.ts';
import { noteCharactersMax } from './document-versions.ts';
import { Content, Language, ScriptDescription, ScriptName, Tags } from './script-fields.ts';
import { Workspace } from './workspaces.ts';

/**
 * The internal operations by which the gateway moves a solo workspace into a community, served by team-resources to a principal: begin,
 * send rows in batches, complete. Each of them may be repeated, and answers the second time as the first time.
 */

/** The most rows of one batch. */
export const importedRowsMax = 500;
/** Room for the longest document, every character of it escaped. */
const bodyBytesMax = 32 * 1024 * 1024;

const versioned = { version: Version, createdAt: Timestamp, updatedAt: Timestamp };
const editable = { id: Uuid, ...versioned, deletedAt: nullable(Timestamp, 'When it was deleted; null while it is there.') };
const saved = {
  id: Uuid,
  ...versioned,
  note: Type.String({ maxLength: noteCharactersMax, pattern: storableText }),
  restoredFrom: nullable(Version, 'The version that this one restored.'),
};
const Definition = Type.String({ maxLength: definitionBytesMax, pattern: storableText });

const ImportedScript = closed({
  ...editable,
  name: ScriptName,
  language: Language,
  description: ScriptDescription,
  tags: Tags,
  content: Content,
});
const ImportedScriptVersion = closed({ ...saved, scriptId: Uuid, name: ScriptName, language: Language, content: Content });
const folder = { name: FolderName, definition: Definition, jobCount: JobCount };
const ImportedFolder = closed({ ...editable, ...folder });
const ImportedFolderVersion = closed({ ...saved, ...folder, controlMFolderId: Uuid });
const document = {
  name: StoredDocumentName,
  source: Type.String({ maxLength: documentCharactersMax, pattern: storableText }),
  folders: Type.String({
    maxLength: documentCharactersMax,
    pattern: storableText,
    description: 'JSON: folder ids by their names.',
  }),
};
const ImportedDocument = closed({ ...editable, ...document });
const ImportedDocumentVersion = closed({ ...saved, ...document, controlMDocumentId: Uuid });

const batchOf = <S extends TSchema>(row: S) => Type.Array(row, { maxItems: importedRowsMax });

const WorkspaceRows = closed({
  scripts: batchOf(ImportedScript),
  scriptVersions: batchOf(ImportedScriptVersion),
  controlMFolders: batchOf(ImportedFolder),
  controlMFolderVersions: batchOf(ImportedFolderVersion),
  controlMDocuments: batchOf(ImportedDocument),
  controlMDocumentVersions: batchOf(ImportedDocumentVersion),
});
/** A batch of rows of a workspace: documents stand before their versions, here and from batch to batch. */
export type WorkspaceRows = Static<typeof WorkspaceRows>;

const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const WorkspaceCounts = closed({
  scripts: Count,
  scriptVersions: Count,
  controlMFolders: Count,
  controlMFolderVersions: Count,
  controlMDocuments: Count,
  controlMDocumentVersions: Count,
});
/** The number of rows of each kind that a workspace has, deleted ones included. */
export type WorkspaceCounts = Static<typeof WorkspaceCounts>;

const namingRules = ControlMNamingRules.properties.rules;

const ImportedWorkspace = closed({ name: Name, description: Description, namingRules, ...versioned });
export type ImportedWorkspace = Static<typeof ImportedWorkspace>;

const ImportState = Type.Enum(['absent', 'importing', 'complete'], {
  description: 'Whether nothing of it is there, some of it, or all: then everyone in the community sees it.',
});
export type WorkspaceImportState = Static<typeof ImportState>;

const params = closed({ workspaceId: Uuid });
const state = { 200: closed({ state: ImportState }) };
const errors = ['UNAUTHENTICATED', 'NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT'] as const;

export const findWorkspaceImport = route({
  name: 'findWorkspaceImport',
  method: 'GET',
  path: '/internal/workspace-imports/:workspaceId',
  summary: 'How far an import has come, for a caller who may begin it. CONFLICT where the id is in use.',
  params,
  query: closed({ communityId: CommunityId }),
  responses: state,
  errors,
});

export const beginWorkspaceImport = route({
  name: 'beginWorkspaceImport',
  method: 'PUT',
  path: '/internal/workspace-imports/:workspaceId',
  summary:
    'Begins an import, or goes on with an own one, also in another community. Nobody sees the workspace until it is complete.',
  params,
  body: closed({ communityId: CommunityId, workspace: ImportedWorkspace }),
  responses: state,
  errors: [...errors, 'TOO_LARGE', 'SERVICE_UNAVAILABLE'],
});

export const importWorkspaceRows = route({
  name: 'importWorkspaceRows',
  method: 'POST',
  path: '/internal/workspace-imports/:workspaceId/rows',
  summary:
    'Stores rows with the ids, versions and times that they have, as those of the caller: all of them or none. A row that is there already is stored once. CONFLICT where an id is in use.',
  params,
  body: WorkspaceRows,
  responses: { 204: null },
  errors: [...errors, 'TOO_LARGE'],
  bodyBytesMax,
});

export const completeWorkspaceImport = route({
  name: 'completeWorkspaceImport',
  method: 'POST',
  path: '/internal/workspace-imports/:workspaceId/complete',
  summary: 'Shows the workspace to its community. CONFLICT unless exactly these rows were imported.',
  params,
  body: closed({
    counts: WorkspaceCounts,
    sha256: Type.String({ pattern: sha256Hex, description: 'The SHA-256 of the digests of its kinds of rows, one a line.' }),
  }),
  responses: { 204: null },
  errors: [...errors, 'TOO_LARGE'],
});

/** The most rows of one page of a copy, and the most of their texts beyond the first row, in bytes. */
export const copiedRowsMax = 200;
export const copiedBytesMax = 1_048_576;

const made = { createdBy: UserId };
const CopiedRows = closed({
  scripts: Type.Array(closed({ ...ImportedScript.properties, ...made })),
  scriptVersions: Type.Array(closed({ ...ImportedScriptVersion.properties, ...made })),
  controlMFolders: Type.Array(closed({ ...ImportedFolder.properties, ...made })),
  controlMFolderVersions: Type.Array(closed({ ...ImportedFolderVersion.properties, ...made })),
  controlMDocuments: Type.Array(closed({ ...ImportedDocument.properties, ...made })),
  controlMDocumentVersions: Type.Array(closed({ ...ImportedDocumentVersion.properties, ...made })),
});
/** Rows of a shared workspace as they are stored, of one kind. */
export type CopiedRows = Static<typeof CopiedRows>;

const CopiedWorkspace = closed({ ...Type.Omit(Workspace, ['createdByName']).properties, namingRules });
/** A shared workspace as it is stored, without its rows. */
export type CopiedWorkspace = Static<typeof CopiedWorkspace>;

export const findCopiedWorkspace = route({
  name: 'findCopiedWorkspace',
  method: 'GET',
  path: '/internal/workspaces/:workspaceId',
  summary: 'A shared workspace as it is stored, with its naming rules for callers who may read Control-M.',
  params,
  responses: { 200: CopiedWorkspace },
  errors: ['UNAUTHENTICATED', 'NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE', 'NOT_FOUND'],
});

export const listWorkspaceRows = route({
  name: 'listWorkspaceRows',
  method: 'GET',
  path: '/internal/workspaces/:workspaceId/rows',
  summary:
    'A page of the rows of one kind as they are stored, deleted ones included for callers who may restore them. `next` is the `after` of the next page; null on the last one.',
  params,
  query: closed({
    kind: Type.Enum([
      'scripts',
      'scriptVersions',
      'controlMFolders',
      'controlMFolderVersions',
      'controlMDocuments',
      'controlMDocumentVersions',
    ]),
    after: Type.Optional(Uuid),
  }),
  responses: { 200: closed({ rows: CopiedRows, next: Type.Union([Uuid, Type.Null()]) }) },
  errors: ['UNAUTHENTICATED', 'NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE', 'NOT_FOUND'],
});
