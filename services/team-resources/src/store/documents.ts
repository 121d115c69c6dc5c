import type { CommunityPermission } from '@guildhall/contracts';
import { sql, type Connection } from '@guildhall/db';
import type { DocumentStore } from '@guildhall/workspaces';
import { workspaceAccess } from './access.ts';
import { toTarget } from './create-target.ts';
import { earlierJoin, schema, timestamp } from './fragments.ts';
import { WorkspaceTargetRow } from './workspaces.ts';
import { compareAndSwap } from './writes.ts';

/** The statements that every kind of document has in common. */

interface DocumentRow {
  readonly id: string;
  readonly workspaceId: string;
  readonly version: number;
  readonly updatedAt: string;
}

/** The workspace in which a document is to be created, for users who may read documents of its kind there. */
export const findDocumentTarget =
  (connection: Connection, permission: CommunityPermission): DocumentStore<unknown, unknown>['findCreateTarget'] =>
  async (userId, workspaceId, key) =>
    toTarget(
      await connection.maybeOne(sql.type(WorkspaceTargetRow)`
        WITH access AS (${workspaceAccess(userId, workspaceId, permission)})
        SELECT access.community_id, access.role, earlier.request_hash, earlier.answer
        FROM access ${earlierJoin(userId, key)}`),
    );

/** Soft delete, as a compare-and-swap on the version before `next`. */
export const deleteDocument =
  (connection: Connection, table: 'scripts' | 'control_m_folders'): DocumentStore<DocumentRow, unknown>['delete'] =>
  ({ id, workspaceId, version, updatedAt }, write) =>
    compareAndSwap(connection, write, {
      access: workspaceAccess(write.userId, workspaceId, write.permission),
      update: sql.fragment`
        UPDATE ${sql.identifier([schema, table])} AS document
        SET version = ${version}::int8, updated_at = ${timestamp(updatedAt)}, deleted_at = ${timestamp(updatedAt)}
        FROM access
        WHERE document.id = ${id}::uuid AND document.workspace_id = ${workspaceId}::uuid
          AND document.version = ${version - 1}::int8 AND document.deleted_at IS NULL
        RETURNING document.id`,
    });
