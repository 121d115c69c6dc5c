import { leftJoined, row, sql, translateConstraints, withoutNull, type Connection } from '@guildhall/db';
import { documentIdTaken, type ScriptStore, type ScriptTypes } from '@guildhall/workspaces';
import { Type } from 'typebox';
import { workspaceAccess } from './access.ts';
import { savedByName, textRow, versionInsert, versionReads, versionRow, type VersionedTable } from './document-versions.ts';
import { deleteDocument, findDocuments, restoreDocument, saveDocument } from './documents.ts';
import { findDocumentTarget } from './found-workspaces.ts';
import { claimKey, recordEvents, timestamp } from './fragments.ts';
import { partial, Role } from './rows.ts';
import { listScripts, scriptSummaryColumns, scriptSummaryRow, storedScripts } from './script-list.ts';
import { resourceMemberships, scriptVersions, scripts, workspaces } from './tables.ts';

const tables = [storedScripts, workspaces, resourceMemberships] as const;
const found = { ...scriptSummaryRow, content: Type.String(), communityId: Type.String(), role: Role };
const computed = { createdByName: Type.String(), isDeleted: Type.Boolean() };
const foundScripts = {
  table: 'scripts',
  permission: 'script:read',
  columns: sql.fragment`${scriptSummaryColumns(sql.fragment`document`)}, document.content`,
  FoundRow: row(tables, found, computed),
  PlacedRow: row(tables, found, { ...computed, place: Type.Integer() }),
} as const;
const storedVersions = withoutNull(scriptVersions, 'sizeBytes', 'sha256');
const versionSummary = { ...versionRow, ...textRow, language: Type.String() };
const history: VersionedTable<ScriptTypes> = {
  permission: 'script:read',
  documents: 'scripts',
  versions: 'script_versions',
  parent: sql.fragment`script_id`,
  text: sql.fragment`content`,
  own: sql.fragment`language`,
  textOf: ({ content }) => content,
  ownOf: ({ language }) => language,
  ownType: 'text',
  assignments: ({ name, language, description, tags, content, sizeBytes, sha256 }) => sql.fragment`
    name = ${name}, language = ${language}, description = ${description}, tags = ${JSON.stringify(tags)}::jsonb,
    content = ${content}, size_bytes = ${sizeBytes}::int8, sha256 = ${sha256}`,
  ListedRow: row([leftJoined(storedVersions)], partial({ id: Type.String(), ...versionSummary }), savedByName),
  FoundRow: row([storedVersions], { ...versionSummary, content: Type.String() }, savedByName),
};

const SavedRow = row([scripts], { id: Type.String() });

const translated = translateConstraints({ pk_scripts: documentIdTaken, pk_script_versions: documentIdTaken });

const writes = (connection: Connection): Pick<ScriptStore, 'insert' | 'save'> => ({
  async insert(script, write, remembered, earlier) {
    const { userId, permission, event } = write;
    const { id, workspaceId, name, language, description, tags, content, sizeBytes, sha256, version, createdAt, updatedAt } =
      script;
    const saved = connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${workspaceAccess(userId, workspaceId, permission)}),
      claimed_key AS (${claimKey(userId, remembered)}),
      saved AS (
        INSERT INTO team.scripts
          (id, workspace_id, name, language, description, tags, content, size_bytes, sha256, created_by, version, created_at, updated_at)
        SELECT ${id}::uuid, ${workspaceId}::uuid, ${name}::text, ${language}::text, ${description}::text, ${JSON.stringify(tags)}::jsonb,
               ${content}::text, ${sizeBytes}::int8, ${sha256}::text, ${userId}::text, ${version}::int8,
               ${timestamp(createdAt)}, ${timestamp(updatedAt)}
        FROM access WHERE EXISTS (SELECT 1 FROM claimed_key)
        RETURNING id, version, name, language, content, size_bytes, sha256
      ),
      version AS (${versionInsert(history, write, updatedAt, earlier)}),
      ${recordEvents(event)}
      SELECT id FROM saved`);
    return (await translated(saved)) !== null;
  },
  save: saveDocument(connection, history),
});

export const createScriptStore = (connection: Connection): ScriptStore => ({
  find: findDocuments(connection, foundScripts),
  list: listScripts(connection),
  ...writes(connection),
  ...versionReads(connection, history),
  findCreateTarget: findDocumentTarget(connection, 'script:read'),
  delete: deleteDocument(connection, 'scripts'),
  restore: restoreDocument(connection, history),
});
