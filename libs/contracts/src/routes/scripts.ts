import { Type, type Static } from 'typebox';
import { createdFields, atLeastOne, choiceField, field, named, pageOf, Uuid, WorkspaceId } from '../fields.ts';
import { operationsOf, ofWorkspace } from '../operations.ts';
import { group } from '../route.ts';
import {
  Content,
  Language,
  scriptContentCharactersMax,
  ScriptDescription,
  scriptListFields,
  ScriptName,
  Tags,
} from './script-fields.ts';
import { comparisonOf, Note, textFields, versionFields, versionOperations } from './document-versions.ts';
import { ScriptImpact } from './script-impact.ts';

const summary = {
  id: field(Uuid, 'The id of the script.', '3c4d5e6f-7a8b-4c9d-8e1f-2a3b4c5d6e7f'),
  workspaceId: field(WorkspaceId, 'The workspace it lies in.', '9a8b7c6d-5e4f-4a3b-8c1d-0e9f8a7b6c5d'),
  name: ScriptName,
  language: Language,
  description: ScriptDescription,
  tags: Tags,
  ...textFields,
  ...createdFields,
};
export const ScriptSummary = named('ScriptSummary', 'A script without its text, as lists give it.', summary);
/** A script without its text, as lists give it. */
export type ScriptSummary = Static<typeof ScriptSummary>;
export const Script = named('Script', 'A script with its text.', { ...summary, content: Content });
export type Script = Static<typeof Script>;

const versionSummary = { ...versionFields, name: ScriptName, language: Language };
export const ScriptVersionSummary = named(
  'ScriptVersionSummary',
  'A saved version of a script, without its text.',
  versionSummary,
);
export type ScriptVersionSummary = Static<typeof ScriptVersionSummary>;
export const ScriptVersion = named('ScriptVersion', 'A saved version of a script.', { ...versionSummary, content: Content });
export type ScriptVersion = Static<typeof ScriptVersion>;

const script = operationsOf({
  type: 'script',
  path: '/v1/workspaces/:workspaceId/scripts',
  parent: ofWorkspace,
  id: { scriptId: field(Uuid, 'The script.', '3c4d5e6f-7a8b-4c9d-8e1f-2a3b4c5d6e7f') },
  schema: Script,
});
const versions = versionOperations({ ...script, path: script.pathOfOne });

/** A character takes at most 12 bytes in JSON: a surrogate pair, each half escaped. The other fields have 64 KiB. */
const bodyBytesMax = scriptContentCharactersMax * 12 + 65_536;

/** The encodings of an uploaded text: the first is not converted. */
export const uploadEncodings = ['utf-8', 'latin1', 'windows-1252', 'iso-8859-15'] as const;

const dryRun = choiceField(['false', 'true'], 'Whether only the blast radius is answered, and nothing is changed.');

const tag = { name: 'scripts', description: 'The scripts of a workspace, with every saved version.' };

export const scriptRoutes = group(tag, {
  listScripts: {
    ...script.list,
    summary: 'The scripts of a workspace, without their texts: filtered, searched in name and text, and sorted.',
    permission: 'script:read',
    query: scriptListFields,
    responses: { 200: pageOf('Script', ScriptSummary) },
  },
  createScript: {
    ...script.create,
    summary: 'Save a new script; its first version is 1.',
    permission: 'script:create',
    body: {
      name: ScriptName,
      language: Language,
      content: Content,
      description: Type.Optional(ScriptDescription),
      tags: Type.Optional(Tags),
      note: Note,
    },
    bodyBytesMax,
  },
  getScript: {
    ...script.get,
    summary: 'One script with its text.',
    permission: 'script:read',
  },
  updateScript: {
    ...script.update,
    summary: 'Save a change as the next version.',
    permission: 'script:update',
    body: atLeastOne({
      name: Type.Optional(ScriptName),
      language: Type.Optional(Language),
      content: Type.Optional(Content),
      description: Type.Optional(ScriptDescription),
      tags: Type.Optional(Tags),
      note: Note,
    }),
    query: { dryRun },
    bodyBytesMax,
    responses: {
      200: Type.Union([Script, ScriptImpact], { description: 'The script; its blast radius with `dryRun=true`.' }),
    },
    errors: ['UNPROCESSABLE'],
  },
  downloadScript: {
    method: 'GET',
    path: `${script.pathOfOne}/raw` as const,
    summary: 'The text of a script, as a file: byte for byte what was uploaded as UTF-8.',
    permission: 'script:read',
    action: 'script.read',
    subject: script.subject,
    params: script.params,
    responses: { 200: Content },
    media: ['text/plain'],
    answersVersion: true,
  },
  uploadScript: {
    method: 'PUT',
    path: `${script.pathOfOne}/raw` as const,
    summary:
      'Save a text as the next version, sent as it is (`text/plain`) or as JSON. Bytes that are not of the encoding are refused.',
    permission: 'script:update',
    action: 'script.update',
    subject: script.subject,
    params: script.params,
    query: {
      encoding: choiceField(
        uploadEncodings,
        'The encoding of a `text/plain` body. Another one than UTF-8 is converted, and the note of the version tells the SHA-256 of what was sent.',
      ),
    },
    body: { content: Content, note: Note },
    mediaBodies: { 'text/plain': Content },
    bodyBytesMax,
    responses: { 200: Script },
    answersVersion: true,
    isVersioned: true,
  },
  deleteScript: {
    ...script.delete,
    summary: 'Delete a script; its versions are kept.',
    permission: 'script:delete',
    query: {
      dryRun,
      force: choiceField(['false', 'true'], 'Whether it is deleted although Control-M jobs run it.'),
    },
    responses: { 200: ScriptImpact, 204: null },
    errors: ['CONFLICT', 'UNPROCESSABLE'],
  },
  restoreScript: {
    ...script.restore,
    summary: 'Bring a deleted script back.',
    permission: 'script:delete',
  },
  listScriptVersions: {
    ...versions.list,
    summary: 'Every saved version of a script, newest first, without texts.',
    permission: 'script:read',
    responses: { 200: pageOf('ScriptVersion', ScriptVersionSummary) },
  },
  compareScriptVersions: {
    ...versions.compare,
    summary: 'Two saved versions of a script, compared line by line.',
    permission: 'script:read',
    responses: { 200: comparisonOf('ScriptVersionComparison', ScriptVersionSummary) },
  },
  getScriptVersion: {
    ...versions.get,
    summary: 'One saved version of a script with its text.',
    permission: 'script:read',
    responses: { 200: ScriptVersion },
  },
  restoreScriptVersion: {
    ...versions.restore,
    summary: 'Save an earlier version of a script again, as the next version.',
    permission: 'script:update',
    responses: { 200: Script },
  },
});
