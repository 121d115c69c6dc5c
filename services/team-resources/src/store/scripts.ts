import type { Script, ScriptSummary, ScriptVersionSummary } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection } from '@guildhall/db';
import type { DocumentStore, WorkspaceStore } from '@guildhall/workspaces';
import { Type } from 'typebox';
import { callerRole, membershipJoin, roleIncludes, workspaceAccess } from './access.ts';
import { deleteDocument, findDocumentTarget } from './documents.ts';
import { afterPosition, claimKey, outboxInsert, timestamp, visibleRows } from './fragments.ts';
import { Role } from './rows.ts';
import { resourceMemberships, scriptVersions, scripts, workspaces } from './tables.ts';

const summary = {
  id: Type.String(),
  workspaceId: Type.String(),
  name: Type.String(),
  language: Type.String(),
  createdBy: Type.String(),
  version: Type.Integer(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
};
const FoundRow = row([scripts, workspaces, resourceMemberships], {
  ...summary,
  content: Type.String(),
  communityId: Type.String(),
  role: Role,
});
/** Left-joined to the CTE `access`: one row without a script means that the list is empty. */
const ListedRow = row([leftJoined(scripts)], Type.Partial(Type.Object(summary)).properties);
const versionSummary = {
  version: Type.Integer(),
  name: Type.String(),
  language: Type.String(),
  createdBy: Type.String(),
  createdAt: Type.String(),
};
const ListedVersionRow = row(
  [leftJoined(scriptVersions)],
  Type.Partial(Type.Object({ id: Type.String(), ...versionSummary })).properties,
);
const VersionRow = row([scriptVersions], { ...versionSummary, content: Type.String() });
const SavedRow = row([scripts], { id: Type.String() });

type ScriptStore = DocumentStore<Script, ScriptSummary>;

const reads = (connection: Connection): Pick<ScriptStore, 'find' | 'list'> => ({
  async find(userId, workspaceId, scriptId) {
    const found = await connection.maybeOne(sql.type(FoundRow)`
      SELECT s.id, s.workspace_id, s.name, s.language, s.content, s.created_by, s.version, s.created_at, s.updated_at,
             w.community_id, ${callerRole}
      FROM team.scripts AS s
      JOIN team.workspaces AS w ON w.id = s.workspace_id AND w.deleted_at IS NULL
      ${membershipJoin(sql.fragment`w.community_id`, userId)}
      WHERE s.id = ${scriptId}::uuid AND s.workspace_id = ${workspaceId}::uuid AND s.deleted_at IS NULL
        AND ${roleIncludes('script:read')}`);
    if (found === null) return undefined;
    const { communityId, role, ...item } = found;
    return { item, communityId, role };
  },
  async list(userId, workspaceId, page) {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${workspaceAccess(userId, workspaceId, 'script:read')})
      SELECT listed.id, listed.workspace_id, listed.name, listed.language, listed.created_by, listed.version,
             listed.created_at, listed.updated_at
      FROM access
      LEFT JOIN LATERAL (
        SELECT id, workspace_id, name, language, created_by, version, created_at, updated_at
        FROM team.scripts
        WHERE workspace_id = ${workspaceId}::uuid AND deleted_at IS NULL AND ${afterPosition(page.after)}
        ORDER BY created_at DESC, id DESC LIMIT ${page.limit}
      ) AS listed ON true
      ORDER BY listed.created_at DESC, listed.id DESC`);
    return visibleRows<ScriptSummary>(rows);
  },
});

type VersionReads = Pick<WorkspaceStore, 'listScriptVersions' | 'findScriptVersion'>;

export const scriptVersionReads = (connection: Connection): VersionReads => ({
  async listScriptVersions(userId, workspaceId, scriptId, page) {
    const rows = await connection.any(sql.type(ListedVersionRow)`
      WITH access AS (${workspaceAccess(userId, workspaceId, 'script:read')}),
      script AS (
        SELECT s.id FROM team.scripts AS s, access
        WHERE s.id = ${scriptId}::uuid AND s.workspace_id = ${workspaceId}::uuid AND s.deleted_at IS NULL
      )
      SELECT listed.id, listed.version, listed.name, listed.language, listed.created_by, listed.created_at
      FROM script
      LEFT JOIN LATERAL (
        SELECT id, version, name, language, created_by, created_at
        FROM team.script_versions
        WHERE script_id = ${scriptId}::uuid
          AND ${page.after === null ? sql.fragment`true` : sql.fragment`version < ${page.after}::int8`}
        ORDER BY version DESC LIMIT ${page.limit}
      ) AS listed ON true
      ORDER BY listed.version DESC`);
    return visibleRows<ScriptVersionSummary & { readonly id: string }>(rows)?.map(
      ({ version, name, language, createdBy, createdAt }) => ({ version, name, language, createdBy, createdAt }),
    );
  },
  async findScriptVersion(userId, workspaceId, scriptId, version) {
    const found = await connection.maybeOne(sql.type(VersionRow)`
      WITH access AS (${workspaceAccess(userId, workspaceId, 'script:read')})
      SELECT v.version, v.name, v.language, v.content, v.created_by, v.created_at
      FROM access
      JOIN team.scripts AS s ON s.id = ${scriptId}::uuid AND s.workspace_id = ${workspaceId}::uuid AND s.deleted_at IS NULL
      JOIN team.script_versions AS v ON v.script_id = s.id AND v.version = ${version}::int8`);
    return found ?? undefined;
  },
});

/** Inserts the row of the CTE `saved` as a version. */
const versionInsert = (userId: string, at: string) => sql.fragment`
  INSERT INTO team.script_versions (script_id, version, name, language, content, created_by, created_at, updated_at)
  SELECT saved.id, saved.version, saved.name, saved.language, saved.content, ${userId}::text, ${timestamp(at)}, ${timestamp(at)}
  FROM saved
  RETURNING id`;

const writes = (connection: Connection): Pick<ScriptStore, 'insert' | 'save'> => ({
  async insert(script, { userId, permission, event }, remembered) {
    const { id, workspaceId, name, language, content, createdAt, updatedAt } = script;
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${workspaceAccess(userId, workspaceId, permission)}),
      claimed_key AS (${claimKey(userId, remembered)}),
      saved AS (
        INSERT INTO team.scripts (id, workspace_id, name, language, content, created_by, version, created_at, updated_at)
        SELECT ${id}::uuid, ${workspaceId}::uuid, ${name}::text, ${language}::text, ${content}::text, ${userId}::text, 1::int8,
               ${timestamp(createdAt)}, ${timestamp(updatedAt)}
        FROM access WHERE EXISTS (SELECT 1 FROM claimed_key)
        RETURNING id, version, name, language, content
      ),
      version AS (${versionInsert(userId, createdAt)}),
      outbox AS (${outboxInsert(event)})
      SELECT id FROM saved`);
    return saved !== null;
  },
  async save(next, { userId, permission, event }) {
    const { id, workspaceId, name, language, content, version, updatedAt } = next;
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${workspaceAccess(userId, workspaceId, permission)}),
      saved AS (
        UPDATE team.scripts AS s
        SET name = ${name}, language = ${language}, content = ${content}, version = ${version}::int8,
            updated_at = ${timestamp(updatedAt)}
        FROM access
        WHERE s.id = ${id}::uuid AND s.workspace_id = ${workspaceId}::uuid AND s.version = ${version - 1}::int8
          AND s.deleted_at IS NULL
        RETURNING s.id, s.version, s.name, s.language, s.content
      ),
      version AS (${versionInsert(userId, updatedAt)}),
      outbox AS (${outboxInsert(event)})
      SELECT id FROM saved`);
    return saved !== null;
  },
});

export const createScriptStore = (connection: Connection): ScriptStore => ({
  ...reads(connection),
  ...writes(connection),
  findCreateTarget: findDocumentTarget(connection, 'script:read'),
  delete: deleteDocument(connection, 'scripts'),
});
