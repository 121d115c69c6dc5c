import type { CommunityPermission } from '@guildhall/contracts';
import { sql, uncheckedRow, type Connection } from '@guildhall/db';
import type { DocumentStore, DocumentTypes } from '@guildhall/workspaces';
import { Type } from 'typebox';
import { workspaceAccess } from './access.ts';
import { toTarget } from './create-target.ts';
import { versionInsert, type VersionedTable } from './document-versions.ts';
import { earlierJoin, recordEvents, schema, timestamp } from './fragments.ts';
import { WorkspaceTargetRow } from './workspaces.ts';
import { compareAndSwap } from './writes.ts';

/** The statements that every kind of document has in common. */

/** The workspace in which a document is to be created, for users who may read documents of its kind there. */
export const findDocumentTarget =
  (connection: Connection, permission: CommunityPermission): DocumentStore<DocumentTypes>['findCreateTarget'] =>
  async (userId, workspaceId, key) =>
    toTarget(
      await connection.maybeOne(sql.type(WorkspaceTargetRow)`
        WITH access AS (${workspaceAccess(userId, workspaceId, permission)})
        SELECT access.community_id, access.role, earlier.request_hash, earlier.answer
        FROM access ${earlierJoin(userId, key)}`),
    );

/** Soft delete, as a compare-and-swap on the version before `next`. */
export const deleteDocument =
  (connection: Connection, table: 'scripts' | 'control_m_folders'): DocumentStore<DocumentTypes>['delete'] =>
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

const RestoredRow = uncheckedRow({ id: Type.String() });

/** Undoes a soft delete, as a compare-and-swap on the version before `next`, and stores what it restored as a version. */
export const restoreDocument =
  <D extends DocumentTypes>(connection: Connection, table: VersionedTable<D>): DocumentStore<D>['restore'] =>
  async (next, write) => {
    const { id, workspaceId, version, updatedAt } = next;
    const { documents, own, text } = table;
    const restored = await connection.maybeOne(sql.type(RestoredRow)`
      WITH access AS (${workspaceAccess(write.userId, workspaceId, write.permission)}),
      saved AS (
        UPDATE ${sql.identifier([schema, documents])} AS document
        SET ${table.assignments(next)}, version = ${version}::int8, updated_at = ${timestamp(updatedAt)}, deleted_at = NULL
        FROM access
        WHERE document.id = ${id}::uuid AND document.workspace_id = ${workspaceId}::uuid
          AND document.version = ${version - 1}::int8 AND document.deleted_at IS NOT NULL
        RETURNING document.id, document.version, document.name, document.${own}, document.${text}, document.size_bytes,
                  document.sha256
      ),
      version AS (${versionInsert(table, write, updatedAt)}),
      ${recordEvents(write.event)}
      SELECT id FROM saved`);
    return restored !== null;
  };
