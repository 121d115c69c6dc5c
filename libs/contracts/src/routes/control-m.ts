import { Type, type Static } from 'typebox';
import {
  createdFields,
  atLeastOne,
  choiceField,
  deletedField,
  field,
  named,
  pageFields,
  pageOf,
  SoughtText,
  Uuid,
  WorkspaceId,
} from '../fields.ts';
import { folderName } from '../patterns.ts';
import { operationsOf, ofWorkspace } from '../operations.ts';
import { group } from '../route.ts';
import { ControlMDifferences, ControlMImpact } from './control-m-impact.ts';
import { comparisonOf, Note, textFields, versionFields, versionOperations } from './document-versions.ts';

/** The longest definition, in bytes of its text as it is sent. */
export const definitionBytesMax = 4_194_304;
/** The largest nesting depth of a definition, itself included. */
export const definitionNestingMax = 40;
/** The most jobs of one folder, those of its subfolders included. */
export const jobsPerFolderMax = 5_000;

/** The folder's key in its "jobs as code" document: a line that is no name of JavaScript's prototypes. */
export const FolderName = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: folderName,
  description: "The name of the folder: its key in the 'jobs as code' document.",
  examples: ['ORDERS_NIGHT'],
});
/** The value behind the folder's key, stored and returned character by character: order, spaces and numbers as they came. */
const Definition = Type.Object(
  { Type: Type.Enum(['Folder', 'SimpleFolder'], { description: 'The kind of folder, as Control-M names it.' }) },
  {
    additionalProperties: true,
    description: `The value behind the folder's key: at most ${definitionBytesMax} bytes, ${definitionNestingMax} levels and ${jobsPerFolderMax} jobs. It is returned exactly as it was sent.`,
    examples: [
      { Type: 'Folder', LoadOrders: { Type: 'Job:Command', Command: 'load-orders --since yesterday', RunAs: 'orders' } },
    ],
  },
);

export const JobCount = Type.Integer({
  minimum: 0,
  maximum: jobsPerFolderMax,
  description: 'How many jobs it defines, those of its subfolders included.',
  examples: [1],
});

const summary = {
  id: field(Uuid, 'The id of the folder.', '4d5e6f7a-8b9c-4d1e-8f2a-3b4c5d6e7f8a'),
  workspaceId: field(WorkspaceId, 'The workspace it lies in.', '9a8b7c6d-5e4f-4a3b-8c1d-0e9f8a7b6c5d'),
  name: FolderName,
  jobCount: JobCount,
  ...textFields,
  ...createdFields,
};
export const ControlMFolderSummary = named(
  'ControlMFolderSummary',
  'A Control-M folder without its definition, as lists give it.',
  summary,
);
/** A folder without its definition, as lists give it. */
export type ControlMFolderSummary = Static<typeof ControlMFolderSummary>;
export const ControlMFolder = named('ControlMFolder', "A folder of BMC Control-M, as 'jobs as code' writes it.", {
  ...summary,
  definition: Definition,
});
/** A folder of BMC Control-M, as "jobs as code" writes it. */
export type ControlMFolder = Static<typeof ControlMFolder>;

const versionSummary = { ...versionFields, name: FolderName, jobCount: JobCount };
export const ControlMFolderVersionSummary = named(
  'ControlMFolderVersionSummary',
  'A saved version of a Control-M folder, without its definition.',
  versionSummary,
);
export type ControlMFolderVersionSummary = Static<typeof ControlMFolderVersionSummary>;
const ControlMFolderVersion = named('ControlMFolderVersion', 'A saved version of a Control-M folder.', {
  ...versionSummary,
  definition: Definition,
});

const folder = operationsOf({
  type: 'control-m-folder',
  path: '/v1/workspaces/:workspaceId/control-m/folders',
  parent: ofWorkspace,
  id: { folderId: field(Uuid, 'The Control-M folder.', '4d5e6f7a-8b9c-4d1e-8f2a-3b4c5d6e7f8a') },
  schema: ControlMFolder,
});
const versions = versionOperations({ ...folder, path: folder.pathOfOne });

export const controlMTag = {
  name: 'control-m',
  description: "The Control-M folders of a workspace, in BMC's 'jobs as code' form.",
};

/** The other field has 64 KiB. */
const bodyBytesMax = definitionBytesMax + 65_536;

const dryRun = choiceField(['false', 'true'], 'Whether only the blast radius is answered, and nothing is changed.');

export const controlMRoutes = group(controlMTag, {
  listControlMFolders: {
    ...folder.list,
    summary: 'The Control-M folders of a workspace, without their definitions.',
    permission: 'control-m:read',
    query: {
      ...pageFields,
      q: Type.Optional(
        field(SoughtText, 'Only folders whose name or definition contains this text, in any case.', 'load-orders'),
      ),
      state: deletedField('The deleted folders, for callers who may restore them.'),
    },
    responses: { 200: pageOf('ControlMFolder', ControlMFolderSummary) },
    errors: ['UNPROCESSABLE'],
  },
  createControlMFolder: {
    ...folder.create,
    summary: 'Save a new Control-M folder; its name is free in the workspace.',
    permission: 'control-m:create',
    body: { name: FolderName, definition: Definition, note: Note },
    bodyBytesMax,
    errors: ['CONFLICT'],
  },
  getControlMFolder: {
    ...folder.get,
    summary: 'One Control-M folder with its definition, exactly as it was sent.',
    permission: 'control-m:read',
  },
  updateControlMFolder: {
    ...folder.update,
    summary: 'Rename a Control-M folder or replace its definition.',
    permission: 'control-m:update',
    body: atLeastOne({ name: Type.Optional(FolderName), definition: Type.Optional(Definition), note: Note }),
    query: { dryRun },
    bodyBytesMax,
    responses: {
      200: Type.Union([ControlMFolder, ControlMImpact], { description: 'The folder; its blast radius with `dryRun=true`.' }),
    },
    errors: ['CONFLICT', 'UNPROCESSABLE'],
  },
  deleteControlMFolder: {
    ...folder.delete,
    summary: 'Delete a Control-M folder; its name is free again.',
    permission: 'control-m:delete',
    query: {
      dryRun,
      force: choiceField(['false', 'true'], 'Whether it is deleted although something refers to it.'),
    },
    responses: { 200: ControlMImpact, 204: null },
    errors: ['CONFLICT', 'UNPROCESSABLE'],
  },
  restoreControlMFolder: {
    ...folder.restore,
    summary: 'Bring a deleted Control-M folder back, if its name is still free.',
    permission: 'control-m:delete',
    errors: ['CONFLICT'],
  },
  listControlMFolderVersions: {
    ...versions.list,
    summary: 'Every saved version of a Control-M folder, newest first, without definitions.',
    permission: 'control-m:read',
    responses: { 200: pageOf('ControlMFolderVersion', ControlMFolderVersionSummary) },
  },
  compareControlMFolderVersions: {
    ...versions.compare,
    summary: 'Two saved versions of a Control-M folder, compared line by line.',
    permission: 'control-m:read',
    responses: { 200: comparisonOf('ControlMFolderVersionComparison', ControlMFolderVersionSummary) },
  },
  compareControlMFolderVersionsByJob: {
    ...versions.compare,
    path: `${versions.compare.path}/jobs` as const,
    summary: 'Two saved versions of a Control-M folder, compared job by job.',
    permission: 'control-m:read',
    responses: {
      200: named('ControlMJobComparison', 'Two saved versions of a Control-M folder, compared job by job.', {
        from: ControlMFolderVersionSummary,
        to: ControlMFolderVersionSummary,
        differences: ControlMDifferences,
      }),
    },
    errors: ['UNPROCESSABLE'],
  },
  getControlMFolderVersion: {
    ...versions.get,
    summary: 'One saved version of a Control-M folder with its definition, exactly as it was sent.',
    permission: 'control-m:read',
    responses: { 200: ControlMFolderVersion },
  },
  restoreControlMFolderVersion: {
    ...versions.restore,
    summary: 'Save an earlier version of a Control-M folder again, as the next version.',
    permission: 'control-m:update',
    responses: { 200: ControlMFolder },
    errors: ['CONFLICT'],
  },
});
