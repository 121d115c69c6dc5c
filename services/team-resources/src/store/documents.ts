import type { CommunityPermission } from '@guildhall/contracts';
import { row, sql, type Connection } from '@guildhall/db';
import type { DocumentStore } from '@guildhall/workspaces';
import { Type } from 'typebox';
import { workspaceAccess } from './access.ts';
import { earlierJoin, outboxInsert, schema, timestamp } from './fragments.ts';
import { CreateTargetRow, toCreateTarget } from './workspaces.ts';
import { controlMFolders, scripts } from './tables.ts';

/** The statements that every kind of document has in common. */

interface DocumentRow {
  readonly id: string;
  readonly workspaceId: string;
  readonly version: number;
  readonly updatedAt: string;
}

const SavedRow = row([scripts, controlMFolders], { id: Type.String() });

/** The workspace in which a document is to be created, for users who may read documents of its kind there. */
export const findDocumentTarget =
  (connection: Connection, permission: CommunityPermission): DocumentStore<unknown, unknown>['findCreateTarget'] =>
  async (userId, workspaceId, key) => {
    const found = await connection.maybeOne(sql.type(CreateTargetRow)`
      WITH access AS (${workspaceAccess(userId, workspaceId, permission)})
      SELECT access.community_id, access.role, earlier.request_hash, earlier.answer
      FROM access ${earlierJoin(userId, key)}`);
    return found === null ? undefined : toCreateTarget(found);
  };

/** Soft delete, as a compare-and-swap on the version before `next`. */
export const deleteDocument =
  (connection: Connection, table: 'scripts' | 'control_m_folders'): DocumentStore<DocumentRow, unknown>['delete'] =>
  async ({ id, workspaceId, version, updatedAt }, { userId, permission, event }) => {
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${workspaceAccess(userId, workspaceId, permission)}),
      saved AS (
        UPDATE ${sql.identifier([schema, table])} AS document
        SET version = ${version}::int8, updated_at = ${timestamp(updatedAt)}, deleted_at = ${timestamp(updatedAt)}
        FROM access
        WHERE document.id = ${id}::uuid AND document.workspace_id = ${workspaceId}::uuid
          AND document.version = ${version - 1}::int8 AND document.deleted_at IS NULL
        RETURNING document.id
      ),
      outbox AS (${outboxInsert(event)})
      SELECT id FROM saved`);
    return saved !== null;
  };
