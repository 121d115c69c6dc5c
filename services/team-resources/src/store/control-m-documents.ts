import { ControlMNamingRules } from '@guildhall/contracts';
import { row, sql, uncheckedRow, withoutNull, type Connection } from '@guildhall/db';
import { requireReadable, type ControlMStore, type StoredControlMDocument } from '@guildhall/workspaces';
import { Type } from 'typebox';
import { callerRole, membershipJoin, roleIncludes, workspaceAccess } from './access.ts';
import { textColumns, textRow } from './document-versions.ts';
import { createdByName, creatorJoin, timestamp } from './fragments.ts';
import { namedColumns, Role } from './rows.ts';
import { controlMDocuments, controlMFolders, resourceMemberships, workspaces } from './tables.ts';
import { compareAndSwap } from './writes.ts';

const created = { createdByName: Type.String() };
const NamingRules = ControlMNamingRules.properties.rules;
const AccessRow = uncheckedRow({ communityId: Type.String(), role: Role, bytes: Type.Number(), namingRules: NamingRules });
const RulesRow = row([workspaces, resourceMemberships], { ...namedColumns, role: Role, namingRules: NamingRules }, created);
const head = {
  id: Type.String(),
  workspaceId: Type.String(),
  name: Type.String(),
  createdBy: Type.String(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
};
const FolderRow = row(
  [withoutNull(controlMFolders, 'sizeBytes', 'sha256')],
  { ...head, ...textRow, definition: Type.String(), jobCount: Type.Integer(), version: Type.Integer() },
  created,
);
const DocumentRow = row([controlMDocuments], {
  id: Type.String(),
  name: Type.String(),
  source: Type.String(),
  folders: Type.String(),
  version: Type.Integer(),
  updatedAt: Type.String(),
});

/** Whether the user may read, as what, and how many bytes that would be. */
const readAccess = (connection: Connection, userId: string, workspaceId: string) =>
  connection.maybeOne(sql.type(AccessRow)`
    WITH access AS (${workspaceAccess(userId, workspaceId, 'control-m:read')})
    SELECT access.community_id, access.role,
           (SELECT naming_rules FROM team.workspaces WHERE id = ${workspaceId}::uuid) AS naming_rules, (
      (SELECT coalesce(sum(octet_length(definition)), 0) FROM team.control_m_folders
       WHERE workspace_id = ${workspaceId}::uuid AND deleted_at IS NULL)
      + (SELECT coalesce(sum(octet_length(source)), 0) FROM team.control_m_documents
         WHERE workspace_id = ${workspaceId}::uuid AND deleted_at IS NULL)
    )::float8 AS bytes
    FROM access`);

const readFolders = (connection: Connection, userId: string, workspaceId: string) =>
  connection.any(sql.type(FolderRow)`
    WITH access AS (${workspaceAccess(userId, workspaceId, 'control-m:read')})
    SELECT folder.id, folder.workspace_id, folder.name, folder.definition, folder.job_count,
           ${textColumns(sql.fragment`folder`, sql.fragment`definition`)}, folder.created_by, folder.version, folder.created_at,
           folder.updated_at, ${createdByName}
    FROM access JOIN team.control_m_folders AS folder ON folder.workspace_id = ${workspaceId}::uuid AND folder.deleted_at IS NULL
    ${creatorJoin(sql.fragment`folder`)}
    ORDER BY folder.created_at DESC, folder.id DESC`);

const readDocuments = async (connection: Connection, userId: string, workspaceId: string): Promise<StoredControlMDocument[]> => {
  const rows = await connection.any(sql.type(DocumentRow)`
    WITH access AS (${workspaceAccess(userId, workspaceId, 'control-m:read')})
    SELECT document.id, document.name, document.source, document.folders, document.version, document.updated_at
    FROM access
    JOIN team.control_m_documents AS document ON document.workspace_id = ${workspaceId}::uuid AND document.deleted_at IS NULL`);
  return rows.map((found) => ({ ...found, folders: JSON.parse(found.folders) as Record<string, string> }));
};

/** All of Control-M in a workspace at once, and its naming rules. */
export const createControlMStore = (connection: Connection): ControlMStore => ({
  async readAll(userId, workspaceId) {
    const access = await readAccess(connection, userId, workspaceId);
    if (access === null) return undefined;
    requireReadable(access.bytes);
    const folders = await readFolders(connection, userId, workspaceId);
    const documents = await readDocuments(connection, userId, workspaceId);
    const { communityId, role, namingRules } = access;
    return { communityId, role, namingRules, folders, documents };
  },
  async findNamingRules(userId, workspaceId) {
    const found = await connection.maybeOne(sql.type(RulesRow)`
      SELECT w.id, w.community_id, w.name, w.description, w.created_by, w.version, w.created_at, w.updated_at, w.naming_rules,
             ${createdByName}, ${callerRole}
      FROM team.workspaces AS w
      ${membershipJoin(sql.fragment`w.community_id`, userId)}
      ${creatorJoin(sql.fragment`w`)}
      WHERE w.id = ${workspaceId}::uuid AND w.deleted_at IS NULL AND ${roleIncludes('control-m:read')}`);
    if (found === null) return undefined;
    const { namingRules, role, ...workspace } = found;
    return { rules: namingRules, workspace: { ...workspace, mode: 'shared' }, role };
  },
  saveNamingRules: ({ id, name, description, version, updatedAt }, rules, write) =>
    compareAndSwap(connection, write, {
      access: workspaceAccess(write.userId, id, write.permission),
      update: sql.fragment`
        UPDATE team.workspaces AS changed
        SET name = ${name}, description = ${description}, naming_rules = ${JSON.stringify(rules)}::jsonb, version = ${version}::int8, updated_at = ${timestamp(updatedAt)}
        FROM access
        WHERE changed.id = ${id}::uuid AND changed.version = ${version - 1}::int8
        RETURNING changed.id`,
    }),
});
