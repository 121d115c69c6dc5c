import type { CommunityPermission } from '@guildhall/contracts';
import { row, sql, type Connection } from '@guildhall/db';
import type { DocumentStore } from '@guildhall/workspaces';
import { Type } from 'typebox';
import { workspaceAccess } from './access.ts';
import { earlierJoin, schema, time, told } from './pieces.ts';
import { PlaceRow, toPlace } from './workspaces.ts';

/** What is the same for every kind of document that lies in a workspace. */

interface Kept {
  readonly id: string;
  readonly workspaceId: string;
  readonly version: number;
  readonly updatedAt: string;
}

const SavedRow = row(Type.Object({ id: Type.String() }));

/** Whether the user may see where a document is to be created: whoever may read its kind there. */
export const documentPlace =
  (connection: Connection, permission: CommunityPermission): DocumentStore<unknown, unknown>['findPlace'] =>
  async (userId, workspaceId, key) => {
    const found = await connection.maybeOne(sql.type(PlaceRow)`
      WITH access AS (${workspaceAccess(userId, workspaceId, permission)})
      SELECT access.community_id, access.role, earlier.request_hash, earlier.answer
      FROM access ${earlierJoin(userId, key)}`);
    return found === null ? undefined : toPlace(found);
  };

/** Hides a row of the table, whose version is the one before `next`. */
export const deleteDocument =
  (connection: Connection, table: 'scripts' | 'control_m_folders'): DocumentStore<Kept, unknown>['delete'] =>
  async ({ id, workspaceId, version, updatedAt }, { userId, permission, event }) => {
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${workspaceAccess(userId, workspaceId, permission)}),
      saved AS (
        UPDATE ${sql.identifier([schema, table])} AS document
        SET version = ${version}::int8, updated_at = ${time(updatedAt)}, deleted_at = ${time(updatedAt)}
        FROM access
        WHERE document.id = ${id}::uuid AND document.workspace_id = ${workspaceId}::uuid
          AND document.version = ${version - 1}::int8 AND document.deleted_at IS NULL
        RETURNING document.id
      ),
      told AS (${told(event)})
      SELECT id FROM saved`);
    return saved !== null;
  };
