import { Type, type Static, type TProperties } from 'typebox';
import { choiceField, closed, field, named, nullable, Timestamp, WorkspaceId } from '../fields.ts';
import { sha256Hex, storableText, visibleLine } from '../patterns.ts';
import { group } from '../route.ts';
import { ControlMImportedDocument, StoredDocumentName } from './control-m-documents.ts';
import { FolderName } from './control-m.ts';
import { ControlMNamingRules } from './control-m-naming-rules.ts';
import { noteCharactersMax } from './document-versions.ts';
import { Language, ScriptDescription, ScriptName, Tags } from './script-fields.ts';
import { workspaceTag } from './workspaces.ts';

/** The largest archive, unpacked, in bytes. */
export const archiveBytesMax = 33_554_432;
/** The length of the largest archive in base64. */
const archiveBase64Max = Math.ceil(archiveBytesMax / 3) * 4;
/** The most files of an archive, its manifest not counted. */
export const archiveFilesMax = 2_000;

/** The name of the manifest among the files of an archive. */
export const archiveManifestName = 'guildhall.json';

const inArchive = {
  path: Type.String({ minLength: 1, maxLength: 300, description: 'The file.', examples: ['scripts/load.sh'] }),
  sha256: Type.String({ pattern: sha256Hex, description: 'The SHA-256 of the file, in hexadecimal.' }),
};

/** The most versions of one script, folder or document that an archive holds, the last one not counted. */
export const archiveVersionsMax = 100;

/** When a version was saved and why; `restoredFrom` is the place of the version that it restored, from 1 on, among those of the archive. */
const savedFields = {
  note: Type.String({ maxLength: noteCharactersMax, pattern: storableText }),
  savedAt: Timestamp,
  restoredFrom: nullable(Type.Integer({ minimum: 1, maximum: archiveVersionsMax }), 'Null for any other save.'),
};

/** The versions of something, oldest first; the text of the last one is what is there. */
const historyOf = <const P extends TProperties>(fields: P) =>
  closed({
    earlier: Type.Array(closed({ ...inArchive, ...fields, ...savedFields }), { maxItems: archiveVersionsMax }),
    last: closed(savedFields),
  });

/** The manifest of an archive, one of its files: what the others are. */
export const WorkspaceManifest = closed({
  format: Type.Literal('guildhall-workspace'),
  version: Type.Literal(1),
  // Without rules in archives of earlier releases.
  workspace: closed({
    name: Type.String(),
    description: Type.String(),
    namingRules: Type.Optional(ControlMNamingRules.properties.rules),
  }),
  scripts: Type.Array(
    closed({
      ...inArchive,
      name: ScriptName,
      language: Language,
      description: ScriptDescription,
      tags: Tags,
      history: Type.Optional(historyOf({ name: ScriptName, language: Language })),
    }),
    { maxItems: archiveFilesMax },
  ),
  // A document that an export makes of a folder alone has the folder's name and an ending.
  documents: Type.Array(closed({ ...inArchive, name: Type.String({ minLength: 1, maxLength: 220, pattern: visibleLine }) }), {
    maxItems: archiveFilesMax,
  }),
  // Of the folders and imported documents that are there.
  histories: Type.Optional(
    closed({
      folders: Type.Array(closed({ name: FolderName, history: historyOf({ name: FolderName }) }), { maxItems: archiveFilesMax }),
      documents: Type.Array(closed({ name: StoredDocumentName, history: historyOf({ name: StoredDocumentName }) }), {
        maxItems: archiveFilesMax,
      }),
    }),
  ),
});
export type WorkspaceManifest = Static<typeof WorkspaceManifest>;

const params = { workspaceId: WorkspaceId };
/** Bytes are a text in the document, as in answers: orval can send no body that is an object or a blob. */
const Packed = Type.String({ description: 'The archive, as bytes.' });

/** An archive with one script, packed. */
const exampleArchive = [
  'H4sIAAAAAAACA+2VS27DIBCGvfYpRqybdMCOX4foBaosxhg/WsdEYLeVqty9AldJk27bRFX9bRD8ww8jGLDSdPvR3veaqrVtg98AEZM4Btci4mWLiIIDngDk',
  'ggunB1dgsiOZAPEHkjxL7o+g3pQEd/grbSplbBgs/Ceaqeurlvp+/WT1ENyk/hOMLusfRbzU/zV4DwFYrc2ORlYAO16H1as2z3ZPUrE7F/KijO30wArgvn+S',
  'C3AeAGygneuxh65pRyhplK2fC8AqZf0/MzswFgIcvM08bFkBjz5ytgJgexpbF2rP/6dPwy+rfRN6GpqJGi/aVvX9SbrcxlEYqfF72B5HbEtik7goVFklNlTG',
  'kqdlnOU8U0lNIqU4iuu05FlEichUnVZpiSQjiTnlVBNRJnkuM+YtDyGAd2eVltNODXPS2/CwvLgLCwu34QO9JgN4AAwAAA==',
].join('');

export const WorkspaceImport = named('WorkspaceImport', 'The outcome of an import.', {
  isDryRun: Type.Boolean({ description: 'Whether nothing was saved.', examples: [false] }),
  scripts: field(
    closed({
      created: Type.Integer({ minimum: 0, description: 'How many scripts are new.', examples: [1] }),
      unchanged: Type.Integer({ minimum: 0, description: 'How many were there alike.', examples: [0] }),
    }),
    'What became of the scripts.',
  ),
  documents: Type.Array(ControlMImportedDocument, { description: 'The Control-M documents.', examples: [[]] }),
  namingRules: Type.Enum(['none', 'taken', 'unchanged', 'kept'], {
    description:
      'What became of the naming rules. `none`: the archive has none. `taken`: the workspace had none, and has those of the archive. `unchanged`: it had the same. `kept`: it has others, or the caller may not change them.',
    examples: ['none'],
  }),
});
export type WorkspaceImport = Static<typeof WorkspaceImport>;

export const workspaceArchiveRoutes = group(workspaceTag, {
  exportWorkspace: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/archive',
    summary: `The scripts of a workspace as files, and its Control-M documents as they are exported, as one tar archive: at most ${archiveFilesMax} files and ${archiveBytesMax} bytes. Two exports of the same content are the same bytes.`,
    permission: 'script:read',
    action: 'workspace.export',
    subject: { type: 'workspace', parameter: 'workspaceId' },
    params,
    query: {
      history: choiceField(
        ['false', 'true'],
        `Whether the last ${archiveVersionsMax + 1} versions of everything come along, with their notes and times. An import keeps them for what it creates.`,
      ),
    },
    responses: { 200: Type.String({ description: 'The archive.', examples: ['scripts/load.sh …'] }) },
    media: ['application/x-tar'],
    errors: ['UNPROCESSABLE'],
  },
  importWorkspace: {
    method: 'POST',
    path: '/v1/workspaces/:workspaceId/archive',
    summary:
      'Add the scripts and Control-M documents of an archive to a workspace; what is there alike stays. A bad archive is refused whole, and a good one is stored in one transaction.',
    permission: 'script:create',
    action: 'script.create',
    subject: { type: 'script', id: 'new' },
    params,
    query: { dryRun: choiceField(['false', 'true'], 'Whether to say what would happen, and save nothing.') },
    body: {
      archive: Type.String({
        minLength: 1,
        maxLength: archiveBase64Max,
        contentEncoding: 'base64',
        description: 'The archive in base64: as an export gives it, or packed by gzip. It may be the body itself instead.',
        examples: [exampleArchive],
      }),
    },
    mediaBodies: { 'application/x-tar': Packed, 'application/gzip': Packed },
    bodyBytesMax: archiveBase64Max + 65_536,
    responses: {
      200: WorkspaceImport,
    },
    errors: ['CONFLICT', 'UNPROCESSABLE'],
  },
});
