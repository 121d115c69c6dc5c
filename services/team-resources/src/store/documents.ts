import type { CommunityPermission } from '@guildhall/contracts';
import { sql, uncheckedRow, type Connection, type Fragment } from '@guildhall/db';
import type { Deletable, DocumentStore, DocumentTypes } from '@guildhall/workspaces';
import { Type } from 'typebox';
import { callerRole, membershipJoin, roleIncludes, workspaceAccess } from './access.ts';
import { versionInsert, type DocumentTable, type VersionedTable } from './document-versions.ts';
import { createdByName, creatorJoin, recordEvents, schema, timestamp } from './fragments.ts';
import { gatherRows, type GatheredRows } from './gathered-rows.ts';
import { compareAndSwap } from './writes.ts';

/** The statements that every kind of document has in common. */

/** A kind of document, as it is read by id. */
export interface FoundDocuments<Row> extends Pick<GatheredRows<Row>, 'FoundRow' | 'PlacedRow'> {
  readonly table: DocumentTable;
  readonly permission: CommunityPermission;
  /** The kind's own columns, of the table `document`. */
  readonly columns: Fragment;
}

/** The columns of a document that is read by id, beside those of its kind. */
type FoundColumns = Pick<Deletable<unknown>, 'communityId' | 'role' | 'isDeleted'>;

/** Reads documents by id; those that are asked for at a time, by one statement. */
export const findDocuments = <Row extends FoundColumns>(
  connection: Connection,
  { table, permission, columns, FoundRow, PlacedRow }: FoundDocuments<Row>,
) => {
  const find = gatherRows(connection, {
    columns: ['user_id', 'workspace_id', 'id'],
    select: (userId = null, workspaceId = null, id = null) => sql.fragment`
      SELECT ${columns}, ${createdByName}, w.community_id, document.deleted_at IS NOT NULL AS is_deleted, ${callerRole}
      FROM ${sql.identifier([schema, table])} AS document
      JOIN team.workspaces AS w ON w.id = document.workspace_id AND w.deleted_at IS NULL
      ${membershipJoin(sql.fragment`w.community_id`, userId)}
      ${creatorJoin(sql.fragment`document`)}
      WHERE document.id = ${id}::uuid AND document.workspace_id = ${workspaceId}::uuid AND ${roleIncludes(permission)}`,
    FoundRow,
    PlacedRow,
  });
  return async (userId: string, workspaceId: string, documentId: string) => {
    const found = await find([userId, workspaceId, documentId]);
    if (found === null) return undefined;
    const { communityId, role, isDeleted, ...item } = found;
    return { item, communityId, role, isDeleted };
  };
};

/** Soft delete, as a compare-and-swap on the version before `next`. */
export const deleteDocument =
  (connection: Connection, table: DocumentTable): DocumentStore<DocumentTypes>['delete'] =>
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

const SavedRow = uncheckedRow({ id: Type.String() });

/** Stores a document over the version before it, a compare-and-swap, and what it stored as a version. */
const saveOver =
  <D extends DocumentTypes>(connection: Connection, table: VersionedTable<D>, isDeleted: boolean): DocumentStore<D>['save'] =>
  async (next, write) => {
    const { id, workspaceId, version, updatedAt } = next;
    const { documents, own, text } = table;
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${workspaceAccess(write.userId, workspaceId, write.permission)}),
      saved AS (
        UPDATE ${sql.identifier([schema, documents])} AS document
        SET ${table.assignments(next)}, version = ${version}::int8, updated_at = ${timestamp(updatedAt)}, deleted_at = NULL
        FROM access
        WHERE document.id = ${id}::uuid AND document.workspace_id = ${workspaceId}::uuid
          AND document.version = ${version - 1}::int8 AND document.deleted_at ${isDeleted ? sql.fragment`IS NOT NULL` : sql.fragment`IS NULL`}
        RETURNING document.id, document.version, document.name, document.${own}, document.${text}, document.size_bytes,
                  document.sha256
      ),
      version AS (${versionInsert(table, write, updatedAt)}),
      ${recordEvents(write.event)}
      SELECT id FROM saved`);
    return saved !== null;
  };

/** An edit of a document that is not deleted. */
export const saveDocument = <D extends DocumentTypes>(
  connection: Connection,
  table: VersionedTable<D>,
): DocumentStore<D>['save'] => saveOver(connection, table, false);

/** Undoes a soft delete. */
export const restoreDocument = <D extends DocumentTypes>(
  connection: Connection,
  table: VersionedTable<D>,
): DocumentStore<D>['restore'] => saveOver(connection, table, true);
