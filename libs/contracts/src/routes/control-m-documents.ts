import { Type, type Static } from 'typebox';
import { choiceField, field, named, Uuid, WorkspaceId } from '../fields.ts';
import { storableText, visibleLine } from '../patterns.ts';
import { group } from '../route.ts';
import { controlMTag, FolderName } from './control-m.ts';
import { Note } from './document-versions.ts';
import { uploadEncodings } from './scripts.ts';

/** The longest document, in UTF-16 code units. */
export const documentCharactersMax = 4_194_304;
/** The most documents of one import. */
export const documentsPerImportMax = 500;

/** The most folders of one import: they are stored in one transaction. */
export const foldersPerImportMax = 5_000;
/** The most findings that one answer tells; its counts tell all. */
export const findingsMax = 1_000;
/** The longest definitions of one workspace together that are checked, exported, searched and drawn, in bytes. */
export const workspaceDefinitionBytesMax = 67_108_864;

const importBytesMax = 16_777_216;

export const ControlMFinding = named('ControlMFinding', 'What a check of a Control-M document found, and where.', {
  code: Type.String({ description: 'What was found; stable.', examples: ['EVENT_NOBODY_ADDS'] }),
  severity: Type.Enum(['error', 'warning', 'note'], {
    description:
      'An error is something that Control-M refuses or reads otherwise; a warning surprises; a note is for information.',
    examples: ['warning'],
  }),
  pointer: Type.String({
    description: 'JSON Pointer to the place; empty for the whole document.',
    examples: ['/ORDERS_NIGHT/LoadOrders/eventsToWaitFor/Events/0/Event'],
  }),
  line: Type.Integer({ minimum: 1, description: 'The line of the text.', examples: [4] }),
  column: Type.Integer({ minimum: 1, description: 'The column, in UTF-16 code units.', examples: [17] }),
  message: Type.String({
    description: 'What was found, as a sentence.',
    examples: ['LoadOrders waits for the event orders-ready, which no job or folder of this workspace adds.'],
  }),
  hint: Type.Optional(Type.String({ description: 'What to do about it.', examples: ['Rename one of the two, or remove it.'] })),
});

export const DocumentName = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: visibleLine,
  description: 'The name of the document: its file name. A document of the same name is replaced.',
  examples: ['orders/night.json'],
});

/** The name of a document that is stored: an archive makes one of a folder's name and an ending. */
export const StoredDocumentName = Type.With(DocumentName, { maxLength: 220 });

const exampleText = '{"ORDERS_NIGHT": {"Type": "Folder", "LoadOrders": {"Type": "Job:Dummy"}}}';
export const DocumentText = Type.String({
  maxLength: documentCharactersMax,
  pattern: storableText,
  description:
    "The text of the document, as BMC's tool takes it. Comments, a byte order mark, trailing commas and missing outer braces are read, and kept.",
  examples: [exampleText],
});

const ImportedFolder = named('ControlMImportedFolder', 'What an import did with a folder of a document.', {
  name: FolderName,
  folderId: Type.Union([Uuid, Type.Null()], { description: 'The id of the folder; null while it is not saved.' }),
  jobCount: Type.Integer({ minimum: 0, description: 'How many jobs it defines.', examples: [1] }),
  status: Type.Enum(['created', 'updated', 'unchanged', 'taken'], {
    description: '`taken`: another text has this name in the workspace, and the import does not replace.',
    examples: ['created'],
  }),
});

export const ControlMImportedDocument = named('ControlMImportedDocument', 'What an import did with a document.', {
  name: DocumentName,
  status: Type.Enum(['imported', 'refused'], {
    description: 'A refused document changed nothing; its findings say why.',
    examples: ['imported'],
  }),
  documentId: Type.Union([Uuid, Type.Null()], { description: 'The id of the document; null while it is not saved.' }),
  folders: Type.Array(ImportedFolder, { description: 'Its folders, in its order.' }),
  looseJobCount: Type.Integer({ minimum: 0, description: 'How many jobs stand beside the folders.', examples: [0] }),
  findings: Type.Array(ControlMFinding, { description: `What reading and checking it found: at most ${findingsMax}.` }),
});

export const ControlMImport = named('ControlMImport', 'The outcome of an import, document by document.', {
  isDryRun: Type.Boolean({ description: 'Whether nothing was saved.', examples: [false] }),
  documents: Type.Array(ControlMImportedDocument, { description: 'In the order of the request.' }),
});
export type ControlMImport = Static<typeof ControlMImport>;

const ExportedDocument = named('ControlMDocument', 'A document of a workspace.', { name: DocumentName, text: DocumentText });

const params = { workspaceId: WorkspaceId };
const subject = { type: 'workspace', parameter: 'workspaceId' } as const;
const form = choiceField(
  ['source', 'normalised'],
  '`source`: as it was imported, character by character, where nothing changed since. `normalised`: strict JSON in the usual layout.',
);

export const controlMDocumentRoutes = group(controlMTag, {
  importControlM: {
    method: 'POST',
    path: '/v1/workspaces/:workspaceId/control-m/import',
    summary:
      "Import documents of 'jobs as code'. What is wrong in one refuses it as a whole. All others are stored in one transaction, or none of them.",
    permission: 'control-m:create',
    action: 'control-m-folder.create',
    subject: { type: 'control-m-folder', id: 'new' },
    params,
    query: {
      dryRun: choiceField(['false', 'true'], 'Whether to say what would happen, and save nothing.'),
      replace: choiceField(
        ['false', 'true'],
        'Whether folders of the same names are given the new definitions, as new versions.',
      ),
      name: Type.Optional(field(DocumentName, 'The name of the document that a `text/plain` body is.', 'orders/night.json')),
      encoding: choiceField(
        uploadEncodings,
        'The encoding of a `text/plain` body. Another one than UTF-8 is converted, and the notes of the saved versions tell the SHA-256 of what was sent.',
      ),
    },
    body: {
      documents: Type.Array(ExportedDocument, {
        minItems: 1,
        maxItems: documentsPerImportMax,
        description: 'The documents; where two of them define a folder differently, the second is refused.',
        examples: [[{ name: 'orders/night.json', text: exampleText }]],
      }),
      note: Note,
    },
    mediaBodies: { 'text/plain': DocumentText },
    bodyBytesMax: importBytesMax,
    responses: { 200: ControlMImport },
    errors: ['CONFLICT', 'UNPROCESSABLE'],
  },
  exportControlM: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/control-m/export',
    summary:
      'All Control-M documents of a workspace, in the form in which an import takes them. A folder without a document is one of its own.',
    permission: 'control-m:read',
    action: 'control-m.export',
    subject,
    params,
    query: { form },
    responses: {
      200: named('ControlMExport', 'The documents of a workspace.', {
        documents: Type.Array(ExportedDocument, { description: 'By name.' }),
      }),
    },
    errors: ['UNPROCESSABLE'],
  },
  exportControlMDocument: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/control-m/export/document',
    summary: 'The text of one Control-M document, as a file.',
    permission: 'control-m:read',
    action: 'control-m.export',
    subject,
    params,
    query: { name: field(DocumentName, 'The document, by the name in the export of the workspace.'), form },
    responses: { 200: Type.String({ description: 'The text.', examples: [exampleText] }) },
    media: ['text/plain'],
    errors: ['UNPROCESSABLE'],
  },
  checkControlM: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/control-m/check',
    summary:
      'What checks find in the Control-M folders of a workspace: cycles, events that nobody adds, missing properties, secrets.',
    permission: 'control-m:read',
    action: 'control-m.check',
    subject,
    params,
    responses: {
      200: named('ControlMCheck', 'The findings in a workspace.', {
        folders: Type.Array(
          named('ControlMFolderFindings', 'The findings in one folder; places are those in its definition.', {
            folderId: field(Uuid, 'The folder.', '4d5e6f7a-8b9c-4d1e-8f2a-3b4c5d6e7f8a'),
            name: FolderName,
            findings: Type.Array(ControlMFinding, { description: 'What checking it found.' }),
          }),
          { description: `Folders with findings, by name: at most ${findingsMax} findings, those of documents included.` },
        ),
        documents: Type.Array(
          named(
            'ControlMDocumentFindings',
            'The findings in what stands beside the folders of a document; places are those in its text.',
            {
              documentId: field(Uuid, 'The imported document.', '4d5e6f7a-8b9c-4d1e-8f2a-3b4c5d6e7f8a'),
              name: StoredDocumentName,
              findings: Type.Array(ControlMFinding, { description: 'What checking it found.' }),
            },
          ),
          { description: 'Documents with findings in jobs or flows beside their folders, by name.' },
        ),
        errors: Type.Integer({ minimum: 0, description: 'How many errors there are.', examples: [0] }),
        warnings: Type.Integer({ minimum: 0, description: 'How many warnings there are.', examples: [1] }),
        notes: Type.Integer({ minimum: 0, description: 'How many notes there are.', examples: [0] }),
      }),
    },
    errors: ['UNPROCESSABLE'],
  },
});
