import { sql, uncheckedRow, type Connection, type Fragment } from '@guildhall/db';
import type { RememberedAnswer } from '@guildhall/resources';
import { Type } from 'typebox';
import type { AuditedWrite, CommunityWrite } from '../core/community-write.ts';
import { communityAccess } from './access.ts';
import { claimKey, recordEvents, schema, timestamp } from './fragments.ts';

/** The frames of the statements that write: access, row, key and event are one statement. */

/** The id of the row that was written, whatever its table. */
const SavedRow = uncheckedRow({ id: Type.String() });

interface OnceFragments {
  readonly access: Fragment;
  /** A condition on the row of the CTE `access`. Default: none. */
  readonly condition?: Fragment;
  readonly insert: Fragment;
}

/**
 * Runs the insert of a create, once per Idempotency-Key. `insert` selects from the CTE `access` while the CTE `claimed_key` has a
 * row and on no other condition, and returns the id. False, having changed nothing, when the key was used, or `access` selects no row that
 * fulfils the condition (any more).
 */
export const insertOnce = async (
  connection: Connection,
  { userId, event }: AuditedWrite,
  remembered: RememberedAnswer | null,
  { access, condition = sql.fragment`true`, insert }: OnceFragments,
): Promise<boolean> => {
  const saved = await connection.maybeOne(sql.type(SavedRow)`
    WITH access AS (${access}),
    claimed_key AS (${claimKey(userId, remembered, sql.fragment`EXISTS (SELECT 1 FROM access WHERE ${condition})`)}),
    saved AS (${insert}),
    ${recordEvents(event)}
    SELECT id FROM saved`);
  return saved !== null;
};

/**
 * Runs the update of a change. `update` joins the CTE `access`, compares the version, and returns the id. False, having changed
 * nothing, when it changes no row.
 */
export const compareAndSwap = async (
  connection: Connection,
  { event }: AuditedWrite,
  { access, update }: { readonly access: Fragment; readonly update: Fragment },
): Promise<boolean> => {
  const saved = await connection.maybeOne(sql.type(SavedRow)`
    WITH access AS (${access}),
    saved AS (${update}),
    ${recordEvents(event)}
    SELECT id FROM saved`);
  return saved !== null;
};

interface NamedResource {
  readonly id: string;
  readonly communityId: string;
  readonly name: string;
  readonly description: string;
  readonly version: number;
  readonly updatedAt: string;
}

/** Stores name, description and soft deletion of `next`: a compare-and-swap on the version before it. */
export const saveNamed =
  (connection: Connection, table: 'councils' | 'forums' | 'pools' | 'workspaces') =>
  (
    { id, communityId, name, description, version, updatedAt }: NamedResource,
    isDeleted: boolean,
    write: CommunityWrite,
  ): Promise<boolean> =>
    compareAndSwap(connection, write, {
      access: communityAccess(write.userId, communityId, write.permission),
      update: sql.fragment`
        UPDATE ${sql.identifier([schema, table])} AS changed
        SET name = ${name}, description = ${description}, version = ${version}::int8, updated_at = ${timestamp(updatedAt)},
            deleted_at = ${isDeleted ? updatedAt : null}::timestamptz
        FROM access
        WHERE changed.id = ${id}::uuid AND changed.community_id = access.community_id AND changed.version = ${version - 1}::int8
        RETURNING changed.id`,
    });
