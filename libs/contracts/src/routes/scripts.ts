import { Type, type Static } from 'typebox';
import {
  atLeastOne,
  CreatedAt,
  CreatedBy,
  field,
  Name,
  named,
  pageFields,
  pageOf,
  Timestamp,
  UpdatedAt,
  Uuid,
  Version,
  WorkspaceId,
} from '../fields.ts';
import { languageName, storableText } from '../patterns.ts';
import { group } from '../route.ts';

/** The longest script text, in characters; a request body may hold it escaped. */
export const scriptContentCharactersMax = 500_000;

const ScriptName = field(Name, 'The name of the script.', 'load-orders.sh');
const Content = Type.String({
  maxLength: scriptContentCharactersMax,
  pattern: storableText,
  description: 'The text of the script.',
  examples: ['#!/bin/sh\nset -eu\nexec load-orders --since yesterday\n'],
});
/** A lower-case name of a language, as editors use it. */
const Language = Type.String({
  pattern: languageName,
  description: 'The language, by the lower-case name that editors use.',
  examples: ['shell'],
});

const summary = {
  id: field(Uuid, 'The id of the script.', '3c4d5e6f-7a8b-4c9d-8e1f-2a3b4c5d6e7f'),
  workspaceId: field(WorkspaceId, 'The workspace it lies in.', '9a8b7c6d-5e4f-4a3b-8c1d-0e9f8a7b6c5d'),
  name: ScriptName,
  language: Language,
  createdBy: CreatedBy,
  version: Version,
  createdAt: CreatedAt,
  updatedAt: UpdatedAt,
};
export const ScriptSummary = named('ScriptSummary', 'A script without its text, as lists give it.', summary);
/** A script without its text, as lists give it. */
export type ScriptSummary = Static<typeof ScriptSummary>;
export const Script = named('Script', 'A script with its text.', { ...summary, content: Content });
export type Script = Static<typeof Script>;

const versionSummary = {
  version: field(Version, 'The number of this version; the first is 1.'),
  name: ScriptName,
  language: Language,
  createdBy: field(CreatedBy, 'The user who saved this version.'),
  createdAt: field(Timestamp, 'When this version was saved.'),
};
export const ScriptVersionSummary = named(
  'ScriptVersionSummary',
  'A saved version of a script, without its text.',
  versionSummary,
);
export type ScriptVersionSummary = Static<typeof ScriptVersionSummary>;
export const ScriptVersion = named('ScriptVersion', 'A saved version of a script.', { ...versionSummary, content: Content });
export type ScriptVersion = Static<typeof ScriptVersion>;

const inWorkspace = { workspaceId: WorkspaceId };
const params = { ...inWorkspace, scriptId: field(Uuid, 'The script.', '3c4d5e6f-7a8b-4c9d-8e1f-2a3b4c5d6e7f') };
const subject = { type: 'script', parameter: 'scriptId' } as const;

/** A character takes at most 12 bytes in JSON: a surrogate pair, each half escaped. The other fields have 64 KiB. */
const bodyBytesMax = scriptContentCharactersMax * 12 + 65_536;

const tag = { name: 'scripts', description: 'The scripts of a workspace, with every saved version.' };

export const scriptRoutes = group(tag, {
  listScripts: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/scripts',
    summary: 'The scripts of a workspace, without their texts.',
    permission: 'script:read',
    action: 'script.list',
    subject: { type: 'workspace', parameter: 'workspaceId' },
    params: inWorkspace,
    query: pageFields,
    responses: { 200: pageOf('Script', ScriptSummary) },
  },
  createScript: {
    method: 'POST',
    path: '/v1/workspaces/:workspaceId/scripts',
    summary: 'Save a new script; its first version is 1.',
    permission: 'script:create',
    action: 'script.create',
    subject: { type: 'script', id: 'new' },
    params: inWorkspace,
    body: { name: ScriptName, language: Language, content: Content },
    bodyBytesMax,
    responses: { 201: Script },
    location: '/v1/workspaces/:workspaceId/scripts/:id',
    answersVersion: true,
    isIdempotentCreate: true,
  },
  getScript: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/scripts/:scriptId',
    summary: 'One script with its text.',
    permission: 'script:read',
    action: 'script.read',
    subject,
    params,
    responses: { 200: Script },
    answersVersion: true,
  },
  updateScript: {
    method: 'PATCH',
    path: '/v1/workspaces/:workspaceId/scripts/:scriptId',
    summary: 'Save a change as the next version.',
    permission: 'script:update',
    action: 'script.update',
    subject,
    params,
    body: atLeastOne({
      name: Type.Optional(ScriptName),
      language: Type.Optional(Language),
      content: Type.Optional(Content),
    }),
    bodyBytesMax,
    responses: { 200: Script },
    answersVersion: true,
    isVersioned: true,
  },
  deleteScript: {
    method: 'DELETE',
    path: '/v1/workspaces/:workspaceId/scripts/:scriptId',
    summary: 'Delete a script; its versions are kept.',
    permission: 'script:delete',
    action: 'script.delete',
    subject,
    params,
    responses: { 204: null },
    isVersioned: true,
  },
  listScriptVersions: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/scripts/:scriptId/versions',
    summary: 'Every saved version of a script, newest first, without texts.',
    permission: 'script:read',
    action: 'script-version.list',
    subject,
    params,
    query: pageFields,
    responses: { 200: pageOf('ScriptVersion', ScriptVersionSummary) },
  },
  getScriptVersion: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/scripts/:scriptId/versions/:version',
    summary: 'One saved version of a script with its text.',
    permission: 'script:read',
    action: 'script-version.read',
    subject,
    params: { ...params, version: field(Version, 'The number of the version.') },
    responses: { 200: ScriptVersion },
  },
});
