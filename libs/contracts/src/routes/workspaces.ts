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
import { operationsOf, ofAll, ofCommunity } from '../operations.ts';
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
const workspace = operationsOf({
  type: 'workspace',
  path: '/v1/workspaces',
  parent: ofAll('workspace'),
  id: { workspaceId: WorkspaceId },
  schema: Workspace,
});
const communityWorkspaces = { path: '/v1/communities/:communityId/workspaces', params: ofCommunity.params } as const;

export const workspaceTag = { name: 'workspaces', description: 'Workspaces: solo on this machine, or shared by a community.' };

export const workspaceRoutes = group(workspaceTag, {
  listWorkspaces: {
    ...workspace.list,
    summary: 'Solo and shared workspaces together. `shared` says whether the shared part could be read.',
    tokenPermission: 'workspace:read',
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
    ...workspace.list,
    ...communityWorkspaces,
    subject: ofCommunity.subject,
    summary: 'The workspaces of one community.',
    permission: 'workspace:read',
    query: listFields,
    responses: { 200: pageOf('Workspace', Workspace) },
  },
  createWorkspace: {
    ...workspace.create,
    summary: 'Create a solo workspace. A shared one is created in its community.',
    body: fields,
  },
  createCommunityWorkspace: {
    ...workspace.create,
    ...communityWorkspaces,
    summary: 'Create a workspace that a community shares.',
    permission: 'workspace:create',
    body: fields,
  },
  getWorkspace: {
    ...workspace.get,
    summary: 'One workspace, solo or shared.',
    permission: 'workspace:read',
  },
  updateWorkspace: {
    ...workspace.update,
    summary: 'Rename a workspace or change its description.',
    permission: 'workspace:update',
    body: atLeastOne({ name: Type.Optional(WorkspaceName), description: Type.Optional(WorkspaceDescription) }),
  },
  deleteWorkspace: {
    ...workspace.delete,
    summary: 'Delete a workspace; it can be restored with its scripts.',
    permission: 'workspace:delete',
  },
  restoreWorkspace: {
    ...workspace.restore,
    summary: 'Bring a deleted workspace back.',
    permission: 'workspace:delete',
  },
});
