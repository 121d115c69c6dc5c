import { Type, type Static } from 'typebox';
import { pageFields, pageOf, Timestamp, UserId, Uuid, Version } from '../fields.ts';
import { route } from '../route.ts';

const closed = { additionalProperties: false } as const;
const WorkspaceParams = Type.Object({ workspaceId: Uuid }, closed);
const FolderParams = Type.Object({ workspaceId: Uuid, folderId: Uuid }, closed);

/** The longest definition, in bytes of its text as it is sent. */
export const definitionBytesMax = 1_048_576;
/** How deep a definition may be nested, itself counted. */
export const definitionNestingMax = 40;
/** The most jobs of one folder, those of its subfolders included. */
export const jobsPerFolderMax = 5_000;

/** The folder's key in its "jobs as code" document: a line that is no name of JavaScript's prototypes. */
const FolderName = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^(?!(?:__proto__|constructor|prototype)$)(?=.*\\S)[^\\u0000-\\u001f\\u007f]*$',
});
/** What stands behind the folder's key. It is kept and answered character by character: order, spaces and numbers as they came. */
const Definition = Type.Object({ Type: Type.Enum(['Folder', 'SimpleFolder']) }, { additionalProperties: true });

const folderHead = {
  id: Uuid,
  workspaceId: Uuid,
  name: FolderName,
  jobCount: Type.Integer({ minimum: 0, maximum: jobsPerFolderMax }),
  createdBy: UserId,
  version: Version,
  createdAt: Timestamp,
  updatedAt: Timestamp,
};
export const ControlMFolderSummary = Type.Object(folderHead, closed);
/** A folder without its definition, as lists give it. */
export type ControlMFolderSummary = Static<typeof ControlMFolderSummary>;
export const ControlMFolder = Type.Object({ ...folderHead, definition: Definition }, closed);
/** A folder of BMC Control-M, as "jobs as code" writes it. */
export type ControlMFolder = Static<typeof ControlMFolder>;

export const listControlMFolders = route({
  name: 'listControlMFolders',
  method: 'GET',
  path: '/v1/workspaces/:workspaceId/control-m/folders',
  tag: 'control-m',
  summary: 'The Control-M folders of a workspace, without their definitions.',
  params: WorkspaceParams,
  query: Type.Object(pageFields, closed),
  responses: { 200: pageOf(ControlMFolderSummary) },
  errors: ['UNAUTHENTICATED', 'NOT_FOUND'],
});

export const createControlMFolder = route({
  name: 'createControlMFolder',
  method: 'POST',
  path: '/v1/workspaces/:workspaceId/control-m/folders',
  tag: 'control-m',
  summary: 'Save a new Control-M folder; its name is free in the workspace.',
  params: WorkspaceParams,
  body: Type.Object({ name: FolderName, definition: Definition }, closed),
  responses: { 201: ControlMFolder },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'UNPROCESSABLE', 'TOO_LARGE'],
  isIdempotentCreate: true,
});

export const getControlMFolder = route({
  name: 'getControlMFolder',
  method: 'GET',
  path: '/v1/workspaces/:workspaceId/control-m/folders/:folderId',
  tag: 'control-m',
  summary: 'One Control-M folder with its definition, exactly as it was sent.',
  params: FolderParams,
  responses: { 200: ControlMFolder },
  errors: ['UNAUTHENTICATED', 'NOT_FOUND'],
});

export const updateControlMFolder = route({
  name: 'updateControlMFolder',
  method: 'PATCH',
  path: '/v1/workspaces/:workspaceId/control-m/folders/:folderId',
  tag: 'control-m',
  summary: 'Rename a Control-M folder or replace its definition.',
  params: FolderParams,
  body: Type.Object({ name: Type.Optional(FolderName), definition: Type.Optional(Definition) }, { ...closed, minProperties: 1 }),
  responses: { 200: ControlMFolder },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'VERSION_MISMATCH', 'VERSION_REQUIRED', 'TOO_LARGE'],
  isVersioned: true,
});

export const deleteControlMFolder = route({
  name: 'deleteControlMFolder',
  method: 'DELETE',
  path: '/v1/workspaces/:workspaceId/control-m/folders/:folderId',
  tag: 'control-m',
  summary: 'Delete a Control-M folder; its name is free again.',
  params: FolderParams,
  responses: { 204: null },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'VERSION_MISMATCH', 'VERSION_REQUIRED'],
  isVersioned: true,
});
