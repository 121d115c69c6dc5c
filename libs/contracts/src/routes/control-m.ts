import { Type, type Static } from 'typebox';
import {
  atLeastOne,
  CreatedAt,
  CreatedBy,
  field,
  named,
  pageFields,
  pageOf,
  UpdatedAt,
  Uuid,
  Version,
  WorkspaceId,
} from '../fields.ts';
import { folderName } from '../patterns.ts';
import { group } from '../route.ts';

/** The longest definition, in bytes of its text as it is sent. */
export const definitionBytesMax = 1_048_576;
/** The largest nesting depth of a definition, itself included. */
export const definitionNestingMax = 40;
/** The most jobs of one folder, those of its subfolders included. */
export const jobsPerFolderMax = 5_000;

/** The folder's key in its "jobs as code" document: a line that is no name of JavaScript's prototypes. */
const FolderName = Type.String({
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

const summary = {
  id: field(Uuid, 'The id of the folder.', '4d5e6f7a-8b9c-4d1e-8f2a-3b4c5d6e7f8a'),
  workspaceId: field(WorkspaceId, 'The workspace it lies in.', '9a8b7c6d-5e4f-4a3b-8c1d-0e9f8a7b6c5d'),
  name: FolderName,
  jobCount: Type.Integer({
    minimum: 0,
    maximum: jobsPerFolderMax,
    description: 'How many jobs it defines, those of its subfolders included.',
    examples: [1],
  }),
  createdBy: CreatedBy,
  version: Version,
  createdAt: CreatedAt,
  updatedAt: UpdatedAt,
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

const inWorkspace = { workspaceId: WorkspaceId };
const params = { ...inWorkspace, folderId: field(Uuid, 'The Control-M folder.', '4d5e6f7a-8b9c-4d1e-8f2a-3b4c5d6e7f8a') };
const subject = { type: 'control-m-folder', parameter: 'folderId' } as const;

const tag = { name: 'control-m', description: "The Control-M folders of a workspace, in BMC's 'jobs as code' form." };

/** The other field has 64 KiB. */
const bodyBytesMax = definitionBytesMax + 65_536;

export const controlMRoutes = group(tag, {
  listControlMFolders: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/control-m/folders',
    summary: 'The Control-M folders of a workspace, without their definitions.',
    permission: 'control-m:read',
    action: 'control-m-folder.list',
    subject: { type: 'workspace', parameter: 'workspaceId' },
    params: inWorkspace,
    query: pageFields,
    responses: { 200: pageOf('ControlMFolder', ControlMFolderSummary) },
  },
  createControlMFolder: {
    method: 'POST',
    path: '/v1/workspaces/:workspaceId/control-m/folders',
    summary: 'Save a new Control-M folder; its name is free in the workspace.',
    permission: 'control-m:create',
    action: 'control-m-folder.create',
    subject: { type: 'control-m-folder', id: 'new' },
    params: inWorkspace,
    body: { name: FolderName, definition: Definition },
    bodyBytesMax,
    responses: { 201: ControlMFolder },
    location: '/v1/workspaces/:workspaceId/control-m/folders/:id',
    answersVersion: true,
    errors: ['CONFLICT'],
    isIdempotentCreate: true,
  },
  getControlMFolder: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/control-m/folders/:folderId',
    summary: 'One Control-M folder with its definition, exactly as it was sent.',
    permission: 'control-m:read',
    action: 'control-m-folder.read',
    subject,
    params,
    responses: { 200: ControlMFolder },
    answersVersion: true,
  },
  updateControlMFolder: {
    method: 'PATCH',
    path: '/v1/workspaces/:workspaceId/control-m/folders/:folderId',
    summary: 'Rename a Control-M folder or replace its definition.',
    permission: 'control-m:update',
    action: 'control-m-folder.update',
    subject,
    params,
    body: atLeastOne({ name: Type.Optional(FolderName), definition: Type.Optional(Definition) }),
    bodyBytesMax,
    responses: { 200: ControlMFolder },
    answersVersion: true,
    errors: ['CONFLICT'],
    isVersioned: true,
  },
  deleteControlMFolder: {
    method: 'DELETE',
    path: '/v1/workspaces/:workspaceId/control-m/folders/:folderId',
    summary: 'Delete a Control-M folder; its name is free again.',
    permission: 'control-m:delete',
    action: 'control-m-folder.delete',
    subject,
    params,
    responses: { 204: null },
    isVersioned: true,
  },
});
