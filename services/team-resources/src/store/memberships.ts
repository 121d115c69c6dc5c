import { sql, type Connection, type Fragment } from '@guildhall/db';
import type { MemberPosition } from '../core/members.ts';
import { timestamp } from './fragments.ts';

/** The condition for memberships of a community that are not soft-deleted. */
export const activeMemberships = (alias: Fragment, communityId: string): Fragment => sql.fragment`
  ${alias}.resource_id = ${communityId}::uuid AND ${alias}.resource_type = 'community' AND ${alias}.deleted_at IS NULL`;

/** Keyset pagination in the order of joining: the condition for memberships `m` after a position. */
export const afterMember = (after: MemberPosition | null): Fragment =>
  after === null
    ? sql.fragment`true`
    : sql.fragment`(m.joined_at, m.user_id) > (${timestamp(after.joinedAt)}, ${after.userId}::text)`;

/**
 * Locks the community's row, in a statement of its own: the next statement of the transaction then sees every earlier change of
 * its memberships.
 */
export const lockCommunity = async (tx: Connection, communityId: string): Promise<void> => {
  await tx.query(sql.unsafe`SELECT id FROM team.communities WHERE id = ${communityId}::uuid AND deleted_at IS NULL FOR UPDATE`);
};
