import { Type, type Static } from 'typebox';
import { Description, Name, pageFields, pageOf, Timestamp, UserId, Uuid, Version } from '../fields.ts';
import { route } from '../route.ts';

const closed = { additionalProperties: false } as const;
const WorkspaceParams = Type.Object({ workspaceId: Uuid }, closed);
const ScriptParams = Type.Object({ workspaceId: Uuid, scriptId: Uuid }, closed);

/** The longest script text, in characters; a request body may hold it escaped. */
export const scriptContentCharactersMax = 500_000;
const Content = Type.String({ maxLength: scriptContentCharactersMax, pattern: '^[^\\u0000]*$' });
/** A lower-case name of a language, as editors use it: `shell`, `python`, `sql`. */
const Language = Type.String({ pattern: '^[a-z0-9][a-z0-9+#._-]{0,39}$' });

export const Workspace = Type.Object(
  {
    id: Uuid,
    mode: Type.Enum(['solo', 'shared']),
    communityId: Type.Union([Uuid, Type.Null()]),
    name: Name,
    description: Description,
    createdBy: UserId,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  closed,
);
/** A named box of scripts. `communityId` is null exactly when `mode` is `solo`. */
export type Workspace = Static<typeof Workspace>;

const scriptHead = {
  id: Uuid,
  workspaceId: Uuid,
  name: Name,
  language: Language,
  createdBy: UserId,
  version: Version,
  createdAt: Timestamp,
  updatedAt: Timestamp,
};
export const ScriptSummary = Type.Object(scriptHead, closed);
/** A script without its text, as lists give it. */
export type ScriptSummary = Static<typeof ScriptSummary>;
export const Script = Type.Object({ ...scriptHead, content: Content }, closed);
export type Script = Static<typeof Script>;

const versionHead = { version: Version, name: Name, language: Language, createdBy: UserId, createdAt: Timestamp };
export const ScriptVersionSummary = Type.Object(versionHead, closed);
export type ScriptVersionSummary = Static<typeof ScriptVersionSummary>;
export const ScriptVersion = Type.Object({ ...versionHead, content: Content }, closed);
export type ScriptVersion = Static<typeof ScriptVersion>;

export const listWorkspaces = route({
  name: 'listWorkspaces',
  method: 'GET',
  path: '/v1/workspaces',
  tag: 'workspaces',
  summary: 'Solo and shared workspaces together. `shared` says whether the shared part could be read.',
  query: Type.Object({ ...pageFields, mode: Type.Optional(Type.Enum(['solo', 'shared'])) }, closed),
  responses: {
    200: Type.Object(
      {
        ...pageOf(Workspace).properties,
        shared: Type.Object(
          {
            status: Type.Enum(['included', 'not_asked', 'signed_out', 'not_configured', 'unavailable']),
            detail: Type.Optional(Type.String()),
          },
          closed,
        ),
      },
      closed,
    ),
  },
  errors: ['UNAUTHENTICATED'],
});

export const listCommunityWorkspaces = route({
  name: 'listCommunityWorkspaces',
  method: 'GET',
  path: '/v1/communities/:communityId/workspaces',
  tag: 'workspaces',
  summary: 'The workspaces of one community.',
  params: Type.Object({ communityId: Uuid }, closed),
  query: Type.Object(pageFields, closed),
  responses: { 200: pageOf(Workspace) },
  errors: ['UNAUTHENTICATED', 'NOT_FOUND'],
});

const WorkspaceFields = { name: Name, description: Type.Optional(Description) };

export const createWorkspace = route({
  name: 'createWorkspace',
  method: 'POST',
  path: '/v1/workspaces',
  tag: 'workspaces',
  summary: 'Create a solo workspace. A shared one is created in its community.',
  body: Type.Object(WorkspaceFields, closed),
  responses: { 201: Workspace },
  errors: ['UNAUTHENTICATED', 'UNPROCESSABLE', 'TOO_LARGE'],
  isIdempotentCreate: true,
});

export const createCommunityWorkspace = route({
  name: 'createCommunityWorkspace',
  method: 'POST',
  path: '/v1/communities/:communityId/workspaces',
  tag: 'workspaces',
  summary: 'Create a workspace that a community shares.',
  params: Type.Object({ communityId: Uuid }, closed),
  body: Type.Object(WorkspaceFields, closed),
  responses: { 201: Workspace },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'UNPROCESSABLE', 'TOO_LARGE'],
  isIdempotentCreate: true,
});

export const getWorkspace = route({
  name: 'getWorkspace',
  method: 'GET',
  path: '/v1/workspaces/:workspaceId',
  tag: 'workspaces',
  summary: 'One workspace, solo or shared.',
  params: WorkspaceParams,
  responses: { 200: Workspace },
  errors: ['UNAUTHENTICATED', 'NOT_FOUND'],
});

export const updateWorkspace = route({
  name: 'updateWorkspace',
  method: 'PATCH',
  path: '/v1/workspaces/:workspaceId',
  tag: 'workspaces',
  summary: 'Rename a workspace or change its description.',
  params: WorkspaceParams,
  body: Type.Object({ name: Type.Optional(Name), description: Type.Optional(Description) }, { ...closed, minProperties: 1 }),
  responses: { 200: Workspace },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'VERSION_MISMATCH', 'VERSION_REQUIRED', 'TOO_LARGE'],
  isVersioned: true,
});

export const deleteWorkspace = route({
  name: 'deleteWorkspace',
  method: 'DELETE',
  path: '/v1/workspaces/:workspaceId',
  tag: 'workspaces',
  summary: 'Delete a workspace; it can be restored with its scripts.',
  params: WorkspaceParams,
  responses: { 204: null },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'VERSION_MISMATCH', 'VERSION_REQUIRED'],
  isVersioned: true,
});

export const restoreWorkspace = route({
  name: 'restoreWorkspace',
  method: 'POST',
  path: '/v1/workspaces/:workspaceId/restore',
  tag: 'workspaces',
  summary: 'Bring a deleted workspace back.',
  params: WorkspaceParams,
  responses: { 200: Workspace },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND'],
});

export const listScripts = route({
  name: 'listScripts',
  method: 'GET',
  path: '/v1/workspaces/:workspaceId/scripts',
  tag: 'scripts',
  summary: 'The scripts of a workspace, without their texts.',
  params: WorkspaceParams,
  query: Type.Object(pageFields, closed),
  responses: { 200: pageOf(ScriptSummary) },
  errors: ['UNAUTHENTICATED', 'NOT_FOUND'],
});

export const createScript = route({
  name: 'createScript',
  method: 'POST',
  path: '/v1/workspaces/:workspaceId/scripts',
  tag: 'scripts',
  summary: 'Save a new script; its first version is 1.',
  params: WorkspaceParams,
  body: Type.Object({ name: Name, language: Language, content: Content }, closed),
  responses: { 201: Script },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'UNPROCESSABLE', 'TOO_LARGE'],
  isIdempotentCreate: true,
});

export const getScript = route({
  name: 'getScript',
  method: 'GET',
  path: '/v1/workspaces/:workspaceId/scripts/:scriptId',
  tag: 'scripts',
  summary: 'One script with its text.',
  params: ScriptParams,
  responses: { 200: Script },
  errors: ['UNAUTHENTICATED', 'NOT_FOUND'],
});

export const updateScript = route({
  name: 'updateScript',
  method: 'PATCH',
  path: '/v1/workspaces/:workspaceId/scripts/:scriptId',
  tag: 'scripts',
  summary: 'Save a change as the next version.',
  params: ScriptParams,
  body: Type.Object(
    { name: Type.Optional(Name), language: Type.Optional(Language), content: Type.Optional(Content) },
    { ...closed, minProperties: 1 },
  ),
  responses: { 200: Script },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'VERSION_MISMATCH', 'VERSION_REQUIRED', 'TOO_LARGE'],
  isVersioned: true,
});

export const deleteScript = route({
  name: 'deleteScript',
  method: 'DELETE',
  path: '/v1/workspaces/:workspaceId/scripts/:scriptId',
  tag: 'scripts',
  summary: 'Delete a script; its versions are kept.',
  params: ScriptParams,
  responses: { 204: null },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'VERSION_MISMATCH', 'VERSION_REQUIRED'],
  isVersioned: true,
});

export const listScriptVersions = route({
  name: 'listScriptVersions',
  method: 'GET',
  path: '/v1/workspaces/:workspaceId/scripts/:scriptId/versions',
  tag: 'scripts',
  summary: 'Every saved version of a script, newest first, without texts.',
  params: ScriptParams,
  query: Type.Object(pageFields, closed),
  responses: { 200: pageOf(ScriptVersionSummary) },
  errors: ['UNAUTHENTICATED', 'NOT_FOUND'],
});

export const getScriptVersion = route({
  name: 'getScriptVersion',
  method: 'GET',
  path: '/v1/workspaces/:workspaceId/scripts/:scriptId/versions/:version',
  tag: 'scripts',
  summary: 'One saved version of a script with its text.',
  params: Type.Object({ ...ScriptParams.properties, version: Version }, closed),
  responses: { 200: ScriptVersion },
  errors: ['UNAUTHENTICATED', 'NOT_FOUND'],
});
