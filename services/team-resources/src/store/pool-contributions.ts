import type { PoolContribution } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection, type Fragment, type SharedDatabase } from '@guildhall/db';
import { Type } from 'typebox';
import type { PoolContributionStore } from '../core/pool-contributions.ts';
import type { PoolPath } from '../core/pools.ts';
import { accessIncludes, communityAccess } from './access.ts';
import { isOfCouncil } from './council-seats.ts';
import { toTarget } from './create-target.ts';
import {
  afterPosition,
  claimKey,
  createdByName,
  creatorJoin,
  earlierJoin,
  recordEvents,
  timestamp,
  visibleRows,
} from './fragments.ts';
import { earlierColumns, partial, Role } from './rows.ts';
import { appUsers, idempotencyKeys, poolContributions, pools, resourceMemberships } from './tables.ts';

const columns = {
  id: Type.String(),
  poolId: Type.String(),
  kind: Type.Enum(['contribution', 'hand-out']),
  quantity: Type.Integer(),
  note: Type.String(),
  createdBy: Type.String(),
  createdAt: Type.String(),
};
/** Left-joined to the pool: one row without a contribution means that there is none. */
const ListedRow = row(
  [leftJoined(poolContributions), pools],
  { ...partial(columns), communityId: Type.String() },
  { createdByName: Type.Optional(Type.String()) },
);
const TargetRow = row(
  [resourceMemberships, pools, appUsers, leftJoined(idempotencyKeys)],
  {
    role: Role,
    holding: Type.Integer(),
    displayName: Type.String(),
    ...earlierColumns,
  },
  { poolName: Type.String(), isCouncilMember: Type.Boolean() },
);
const SavedRow = row([poolContributions], { id: Type.String() });

/** The pool in the community of the CTE `access`, unless it is deleted. */
const seenPool = ({ poolId }: PoolPath): Fragment => sql.fragment`
  access JOIN team.pools AS pool ON pool.community_id = access.community_id AND pool.id = ${poolId}::uuid AND pool.deleted_at IS NULL`;

const contributionColumns: Fragment = sql.fragment`
  contribution.id, contribution.pool_id, contribution.kind, contribution.quantity, contribution.note, contribution.created_by,
  ${createdByName}, contribution.created_at`;

const isOf = (column: Fragment, value: string | undefined): Fragment =>
  value === undefined ? sql.fragment`true` : sql.fragment`${column} = ${value}`;

const reads = (connection: Connection): Pick<PoolContributionStore, 'list' | 'find' | 'findCreateTarget'> => ({
  async list(userId, path, { kind, createdBy }, { limit, after }) {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${communityAccess(userId, path.communityId, 'pool:read')})
      SELECT pool.community_id, listed.id, listed.pool_id, listed.kind, listed.quantity, listed.note, listed.created_by,
             listed.created_by_name, listed.created_at
      FROM ${seenPool(path)}
      LEFT JOIN LATERAL (
        SELECT ${contributionColumns}
        FROM (
          SELECT id, pool_id, kind, quantity, note, created_by, created_at FROM team.pool_contributions
          WHERE pool_id = ${path.poolId}::uuid AND ${isOf(sql.fragment`kind`, kind)} AND ${isOf(sql.fragment`created_by`, createdBy)}
            AND ${afterPosition(after)}
          ORDER BY created_at DESC, id DESC LIMIT ${limit}
        ) AS contribution
        ${creatorJoin(sql.fragment`contribution`)}
      ) AS listed ON true
      ORDER BY listed.created_at DESC, listed.id DESC`);
    return visibleRows<PoolContribution>(rows);
  },
  async find(userId, path, id) {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${communityAccess(userId, path.communityId, 'pool:read')})
      SELECT pool.community_id, ${contributionColumns}
      FROM ${seenPool(path)}
      LEFT JOIN team.pool_contributions AS contribution ON contribution.pool_id = pool.id AND contribution.id = ${id}::uuid
      ${creatorJoin(sql.fragment`contribution`)}`);
    const found = visibleRows<PoolContribution>(rows);
    return found === undefined ? undefined : { contribution: found[0] };
  },
  async findCreateTarget(userId, path, key) {
    const found = await connection.maybeOne(sql.type(TargetRow)`
      WITH access AS (${communityAccess(userId, path.communityId, 'pool:read')})
      SELECT access.role, pool.name AS pool_name, pool.holding, ${isOfCouncil(sql.fragment`pool.council_id`, userId)} AS is_council_member,
             app_user.display_name, earlier.request_hash, earlier.answer
      FROM ${seenPool(path)}
      JOIN team.app_users AS app_user ON app_user.id = ${userId}
      ${earlierJoin(userId, key)}`);
    return toTarget(found);
  },
});

/** Rolls back the claimed key when the pool holds too little. */
class NotSettled extends Error {}

/** The condition that the user may change what the pool holds in this way, and it holds enough: looked at again behind its lock. */
const isSettled = ({ kind, quantity }: PoolContribution, userId: string): Fragment =>
  kind === 'contribution'
    ? sql.fragment`true`
    : sql.fragment`pool.holding >= ${quantity}::int8
        AND (${accessIncludes('pool:hand-out')} OR ${isOfCouncil(sql.fragment`pool.council_id`, userId)})`;

export const createPoolContributions = ({
  connection,
  inTransaction,
}: Pick<SharedDatabase, 'connection' | 'inTransaction'>): PoolContributionStore => ({
  ...reads(connection),
  async insert(made, { userId, event }, remembered) {
    const { id, communityId, poolId, kind, quantity, note, createdAt } = made;
    const change = kind === 'contribution' ? quantity : -quantity;
    try {
      return await inTransaction(async (tx) => {
        const saved = await tx.maybeOne(sql.type(SavedRow)`
          WITH access AS (${communityAccess(userId, communityId, 'pool:contribute')}),
          claimed_key AS (${claimKey(userId, remembered)}),
          changed AS (
            UPDATE team.pools AS pool
            SET holding = pool.holding + ${change}::int8, version = pool.version + 1, updated_at = ${timestamp(createdAt)}
            FROM access
            WHERE pool.id = ${poolId}::uuid AND pool.community_id = access.community_id AND pool.deleted_at IS NULL
              AND ${isSettled(made, userId)} AND EXISTS (SELECT 1 FROM claimed_key)
            RETURNING pool.id
          ),
          saved AS (
            INSERT INTO team.pool_contributions (id, pool_id, kind, quantity, note, created_by, created_at, updated_at)
            SELECT ${id}::uuid, changed.id, ${kind}::text, ${quantity}::int8, ${note}::text, ${userId}::text,
                   ${timestamp(createdAt)}, ${timestamp(createdAt)}
            FROM changed
            RETURNING id
          ),
          ${recordEvents(event)}
          SELECT id FROM saved`);
        if (saved === null) throw new NotSettled();
        return true;
      });
    } catch (error) {
      if (error instanceof NotSettled) return false;
      throw error;
    }
  },
});
