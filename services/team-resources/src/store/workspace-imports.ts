import { createHash } from 'node:crypto';
import { AppError } from '@guildhall/errors';
import { row, sql, type Connection, type Fragment, type SharedDatabase } from '@guildhall/db';
import { Type } from 'typebox';
import { importPermissions, type BegunImport, type Completion, type WorkspaceImportStore } from '../core/workspace-imports.ts';
import { callerRole, communityAccess, membershipJoin, membershipOf, roleIncludes } from './access.ts';
import { recordEvents, timestamp } from './fragments.ts';
import { digestImportedRows } from './imported-digest.ts';
import { insertImportedRows } from './imported-rows.ts';
import { Role } from './rows.ts';
import { resourceMemberships, workspaceImports, workspaces } from './tables.ts';

const TargetRow = row(
  [resourceMemberships],
  { role: Role },
  { isThere: Type.Boolean(), isOwn: Type.Boolean(), isComplete: Type.Boolean() },
);
const OwnRow = row(
  [workspaceImports, workspaces, resourceMemberships],
  {
    communityId: Type.String(),
    role: Role,
    sha256: Type.Optional(Type.String()),
  },
  { workspaceName: Type.String() },
);
const SavedRow = row([workspaceImports], { id: Type.String() });

/** The condition that the role of the joined membership includes everything that an import takes. */
const mayImport = sql.join(importPermissions.map(roleIncludes), sql.fragment` AND `);

/** The condition for a workspace that is not a part of an import which is under way: nobody sees those, as deleted ones neither. */
export const isWhole = (workspace: Fragment): Fragment => sql.fragment`
  (${workspace}.deleted_at IS NULL OR NOT EXISTS (
    SELECT 1 FROM team.workspace_imports AS import WHERE import.workspace_id = ${workspace}.id AND import.completed_at IS NULL))`;

const reads = (connection: Connection): Pick<WorkspaceImportStore, 'findTarget' | 'findOwn'> => ({
  async findTarget(userId, workspaceId, communityId) {
    const found = await connection.maybeOne(sql.type(TargetRow)`
      WITH access AS (${communityAccess(userId, communityId, 'workspace:read')})
      SELECT access.role, workspace.id IS NOT NULL AS is_there,
             COALESCE(import.created_by = ${userId} AND (import.completed_at IS NULL OR workspace.community_id = access.community_id), false)
               AS is_own,
             import.completed_at IS NOT NULL AS is_complete
      FROM access
      LEFT JOIN team.workspaces AS workspace ON workspace.id = ${workspaceId}::uuid
      LEFT JOIN team.workspace_imports AS import ON import.workspace_id = workspace.id`);
    if (found === null) return undefined;
    const { role, isThere, isOwn, isComplete } = found;
    if (!isThere) return { role, state: 'absent' };
    if (!isOwn) return { role, state: 'taken' };
    return { role, state: isComplete ? 'complete' : 'importing' };
  },
  async findOwn(userId, workspaceId) {
    const found = await connection.maybeOne(sql.type(OwnRow)`
      SELECT workspace.community_id, workspace.name AS workspace_name, import.sha256, ${callerRole}
      FROM team.workspace_imports AS import
      JOIN team.workspaces AS workspace ON workspace.id = import.workspace_id
      ${membershipJoin(sql.fragment`workspace.community_id`, userId)}
      WHERE import.workspace_id = ${workspaceId}::uuid AND import.created_by = ${userId}`);
    return found === null ? undefined : { ...found, sha256: found.sha256 ?? null };
  },
});

const begin = async (
  connection: Connection,
  {
    workspaceId,
    communityId,
    userId,
    at,
    workspace: { name, description, namingRules, version, createdAt, updatedAt },
  }: BegunImport,
): Promise<boolean> => {
  const saved = await connection.maybeOne(sql.type(SavedRow)`
    WITH access AS (
      SELECT community.id AS community_id FROM team.communities AS community
      ${membershipOf(userId)}
      WHERE community.id = ${communityId}::uuid AND community.deleted_at IS NULL AND ${mayImport}
    ),
    saved AS (
      INSERT INTO team.workspaces AS workspace
        (id, community_id, name, description, naming_rules, created_by, version, created_at, updated_at, deleted_at)
      SELECT ${workspaceId}::uuid, access.community_id, ${name}::text, ${description}::text,
             ${JSON.stringify(namingRules)}::jsonb, ${userId}::text, ${version}::int8, ${timestamp(createdAt)}, ${timestamp(updatedAt)}, ${timestamp(at)}
      FROM access
      ON CONFLICT (id) DO UPDATE
      SET community_id = excluded.community_id, name = excluded.name, description = excluded.description,
          naming_rules = excluded.naming_rules, version = excluded.version, updated_at = excluded.updated_at
      WHERE EXISTS (
        SELECT 1 FROM team.workspace_imports AS import
        WHERE import.workspace_id = excluded.id AND import.created_by = ${userId} AND import.completed_at IS NULL)
      RETURNING workspace.id
    ),
    -- Names may have been exchanged since an earlier attempt: all of them are free until their folders and documents are sent again.
    freed AS (
      UPDATE team.control_m_folders AS folder SET deleted_at = ${timestamp(at)}
      FROM saved WHERE folder.workspace_id = saved.id AND folder.deleted_at IS NULL
      RETURNING folder.id
    ),
    freed_documents AS (
      UPDATE team.control_m_documents AS document SET deleted_at = ${timestamp(at)}
      FROM saved WHERE document.workspace_id = saved.id AND document.deleted_at IS NULL
      RETURNING document.id
    )
    INSERT INTO team.workspace_imports AS import (workspace_id, created_by, created_at, updated_at)
    SELECT saved.id, ${userId}::text, ${timestamp(at)}, ${timestamp(at)} FROM saved
    ON CONFLICT (workspace_id) DO UPDATE SET updated_at = excluded.updated_at
    RETURNING import.id`);
  return saved !== null;
};

/** Locks an import that is under way: batches and the completion come one after the other. False if the user may not go on with it. */
const lockImport = async (tx: Connection, userId: string, workspaceId: string): Promise<boolean> => {
  const locked = await tx.maybeOne(sql.type(SavedRow)`
    SELECT import.id FROM team.workspace_imports AS import
    WHERE import.workspace_id = ${workspaceId}::uuid AND import.created_by = ${userId} AND import.completed_at IS NULL
      AND EXISTS (
        SELECT 1 FROM team.workspaces AS workspace
        ${membershipJoin(sql.fragment`workspace.community_id`, userId)}
        WHERE workspace.id = import.workspace_id AND ${mayImport})
    FOR UPDATE`);
  return locked !== null;
};

const requireSame = async (tx: Connection, { workspaceId, counts, sha256 }: Completion): Promise<void> => {
  const stored = await digestImportedRows(tx, workspaceId);
  const isSameCount = Object.entries(counts).every(([kind, count]) => stored.counts[kind as keyof typeof counts] === count);
  if (isSameCount && createHash('sha256').update(stored.digests.join('\n')).digest('hex') === sha256) return;
  throw new AppError('CONFLICT', 'Other rows were imported than those of this workspace: share it again.');
};

const show = async (tx: Connection, { workspaceId, sha256, at, event }: Completion): Promise<boolean> => {
  const shown = await tx.maybeOne(sql.type(SavedRow)`
    WITH saved AS (
      UPDATE team.workspace_imports AS import
      SET completed_at = ${timestamp(at)}, updated_at = ${timestamp(at)}, sha256 = ${sha256}
      WHERE import.workspace_id = ${workspaceId}::uuid
      RETURNING import.id
    ),
    shown AS (UPDATE team.workspaces SET deleted_at = NULL WHERE id = ${workspaceId}::uuid RETURNING id),
    ${recordEvents(event)}
    SELECT saved.id FROM saved JOIN shown ON true`);
  return shown !== null;
};

export const createWorkspaceImports = ({
  connection,
  inTransaction,
}: Pick<SharedDatabase, 'connection' | 'inTransaction'>): WorkspaceImportStore => ({
  ...reads(connection),
  begin: (begun) => begin(connection, begun),
  insertRows: (userId, workspaceId, rows) =>
    inTransaction(async (tx) => {
      if (!(await lockImport(tx, userId, workspaceId))) return false;
      await insertImportedRows(tx, rows, { workspaceId, userId });
      return true;
    }),
  complete: (completion) =>
    inTransaction(async (tx) => {
      if (!(await lockImport(tx, completion.userId, completion.workspaceId))) return false;
      await requireSame(tx, completion);
      return await show(tx, completion);
    }),
  // Both rows are locked first: a workspace that is begun again meanwhile is not deleted.
  async purgeAbandonedBefore(at, limit) {
    const { rowCount } = await connection.query(sql.unsafe`
      WITH abandoned AS (
        SELECT workspace.id
        FROM team.workspace_imports AS import JOIN team.workspaces AS workspace ON workspace.id = import.workspace_id
        WHERE import.completed_at IS NULL AND import.updated_at < ${timestamp(at)}
        ORDER BY import.updated_at LIMIT ${limit}
        FOR UPDATE SKIP LOCKED
      )
      DELETE FROM team.workspaces WHERE id IN (SELECT id FROM abandoned)`);
    return rowCount;
  },
});
