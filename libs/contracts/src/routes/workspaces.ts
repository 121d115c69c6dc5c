import { Type, type Static } from 'typebox';
import {
  createdFields,
  atLeastOne,
  closed,
  CommunityId,
  deletedField,
  Description,
  field,
  Name,
  named,
  nullable,
  pageFields,
  pageOf,
  Uuid,
  WorkspaceId,
} from '../fields.ts';
import { group } from '../route.ts';

const WorkspaceName = field(Name, 'The name of the workspace.', 'Night batch');
const WorkspaceDescription = field(Description, 'What the workspace is for.', 'Everything that runs between midnight and six.');
const Mode = Type.Enum(['solo', 'shared'], {
  description: 'Where it lies: in the solo file, or in a community.',
  examples: ['shared'],
});

export const Workspace = named('Workspace', 'A workspace: a named box of scripts and Control-M folders.', {
  id: field(Uuid, 'The id of the workspace.', '9a8b7c6d-5e4f-4a3b-8c1d-0e9f8a7b6c5d'),
  mode: Mode,
  communityId: nullable(CommunityId, 'The community that shares it; null exactly when `mode` is `solo`.'),
  name: WorkspaceName,
  description: WorkspaceDescription,
  ...createdFields,
});
/** A named box of scripts. `communityId` is null exactly when `mode` is `solo`. */
export type Workspace = Static<typeof Workspace>;

const SharedPart = closed({
  status: Type.Enum(['included', 'not_asked', 'signed_out', 'not_configured', 'unavailable'], {
    description: 'Whether the list holds the shared workspaces, or why not.',
  }),
  detail: Type.Optional(
    Type.String({ description: 'Why they could not be read.', examples: ['The shared database does not answer.'] }),
  ),
});

const WorkspaceList = named('WorkspaceList', 'One page of the solo and shared workspaces.', {
  ...pageOf('Workspace', Workspace).properties,
  shared: field(SharedPart, 'Whether the shared part could be read.'),
});

const fields = { name: WorkspaceName, description: Type.Optional(WorkspaceDescription) };
const listFields = { ...pageFields, state: deletedField('The deleted workspaces, for callers who may restore them.') };
const params = { workspaceId: WorkspaceId };
const subject = { type: 'workspace', parameter: 'workspaceId' } as const;

export const workspaceTag = { name: 'workspaces', description: 'Workspaces: solo on this machine, or shared by a community.' };

export const workspaceRoutes = group(workspaceTag, {
  listWorkspaces: {
    method: 'GET',
    path: '/v1/workspaces',
    summary: 'Solo and shared workspaces together. `shared` says whether the shared part could be read.',
    tokenPermission: 'workspace:read',
    action: 'workspace.list',
    subject: { type: 'workspace', id: 'all' },
    query: { ...listFields, mode: Type.Optional(field(Mode, 'Only the workspaces of this kind.')) },
    responses: { 200: WorkspaceList },
    example: {
      answer: {
        items: [
          {
            id: '9a8b7c6d-5e4f-4a3b-8c1d-0e9f8a7b6c5d',
            mode: 'shared',
            communityId: '5b1f9a1e-2c3d-4e5f-8a9b-0c1d2e3f4a5b',
            name: 'Night batch',
            description: 'Everything that runs between midnight and six.',
            createdBy: '7d2f4c1a-3b5e-4a6f-8c9d-1e2f3a4b5c6d',
            createdByName: 'Ada Lovelace',
            version: 3,
            createdAt: '2026-01-31T08:30:00.000Z',
            updatedAt: '2026-02-02T14:05:12.345Z',
          },
        ],
        nextCursor: null,
        shared: { status: 'included' },
      },
    },
  },
  listCommunityWorkspaces: {
    method: 'GET',
    path: '/v1/communities/:communityId/workspaces',
    summary: 'The workspaces of one community.',
    permission: 'workspace:read',
    action: 'workspace.list',
    subject: { type: 'community', parameter: 'communityId' },
    params: { communityId: CommunityId },
    query: listFields,
    responses: { 200: pageOf('Workspace', Workspace) },
  },
  createWorkspace: {
    method: 'POST',
    path: '/v1/workspaces',
    summary: 'Create a solo workspace. A shared one is created in its community.',
    action: 'workspace.create',
    subject: { type: 'workspace', id: 'new' },
    body: fields,
    responses: { 201: Workspace },
    location: '/v1/workspaces/:id',
    answersVersion: true,
    isIdempotentCreate: true,
  },
  createCommunityWorkspace: {
    method: 'POST',
    path: '/v1/communities/:communityId/workspaces',
    summary: 'Create a workspace that a community shares.',
    permission: 'workspace:create',
    action: 'workspace.create',
    subject: { type: 'workspace', id: 'new' },
    params: { communityId: CommunityId },
    body: fields,
    responses: { 201: Workspace },
    location: '/v1/workspaces/:id',
    answersVersion: true,
    isIdempotentCreate: true,
  },
  getWorkspace: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId',
    summary: 'One workspace, solo or shared.',
    permission: 'workspace:read',
    action: 'workspace.read',
    subject,
    params,
    responses: { 200: Workspace },
    answersVersion: true,
  },
  updateWorkspace: {
    method: 'PATCH',
    path: '/v1/workspaces/:workspaceId',
    summary: 'Rename a workspace or change its description.',
    permission: 'workspace:update',
    action: 'workspace.update',
    subject,
    params,
    body: atLeastOne({ name: Type.Optional(WorkspaceName), description: Type.Optional(WorkspaceDescription) }),
    responses: { 200: Workspace },
    answersVersion: true,
    isVersioned: true,
  },
  deleteWorkspace: {
    method: 'DELETE',
    path: '/v1/workspaces/:workspaceId',
    summary: 'Delete a workspace; it can be restored with its scripts.',
    permission: 'workspace:delete',
    action: 'workspace.delete',
    subject,
    params,
    responses: { 204: null },
    isVersioned: true,
  },
  restoreWorkspace: {
    method: 'POST',
    path: '/v1/workspaces/:workspaceId/restore',
    summary: 'Bring a deleted workspace back.',
    permission: 'workspace:delete',
    action: 'workspace.restore',
    subject,
    params,
    responses: { 200: Workspace },
    answersVersion: true,
  },
});
