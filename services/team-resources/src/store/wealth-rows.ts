import { leftJoined, row, sql, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import { earlierColumns, nullable, partial, Role, versionedColumns } from './rows.ts';
import { appUsers, idempotencyKeys, resourceMemberships, wealth } from './tables.ts';
import { wealthStatus } from './wealth-access.ts';

/** The rows of wealth as its statements answer them. */

const Status = Type.Enum(['active', 'fulfilled', 'expired', 'cancelled']);

const columns = {
  ...versionedColumns,
  communityId: Type.String(),
  type: Type.Enum(['object', 'service']),
  title: Type.String(),
  description: Type.String(),
  minTrustRequired: Type.Integer(),
};
/** Null where the wealth has no such value. */
const nullableColumns = {
  category: nullable(Type.String()),
  councilId: nullable(Type.String()),
  poolId: nullable(Type.String()),
  quantity: nullable(Type.Integer()),
  expiresAt: nullable(Type.String()),
};
const quantityLeft = nullable(Type.Integer());
const computed = { status: Status, createdByName: Type.String() };

/** Left-joined to the CTE `access`: one row without wealth means that the list is empty. */
export const ListedRow = row(
  [leftJoined(wealth), leftJoined(appUsers)],
  { ...partial(columns), ...nullableColumns },
  { ...partial(computed), quantityLeft },
);
export const FoundRow = row(
  [wealth, resourceMemberships],
  { ...columns, ...nullableColumns, quantityTaken: Type.Integer(), role: Role },
  { ...computed, quantityLeft, isDeleted: Type.Boolean() },
);
export const TargetRow = row(
  [resourceMemberships, appUsers, leftJoined(idempotencyKeys)],
  {
    role: Role,
    displayName: Type.String(),
    ...earlierColumns,
  },
  { score: Type.Integer(), neededScore: Type.Integer(), hasAudience: Type.Boolean() },
);
export const StatusRow = row([wealth], { id: Type.String() }, { status: Status });

/** The columns of the row `w`, and of the `maker` who offers it. */
export const wealthColumns: Fragment = sql.fragment`
  w.id, w.community_id, w.type, w.title, w.description, w.category, w.council_id, w.pool_id, w.quantity,
  (w.quantity - w.quantity_taken)::int8 AS quantity_left, w.min_trust_required, ${wealthStatus} AS status, w.expires_at,
  w.created_by, COALESCE(maker.display_name, '') AS created_by_name, w.version, w.created_at, w.updated_at`;

/** Joins who offers the row `w` of wealth. */
export const makerJoin: Fragment = sql.fragment`LEFT JOIN team.app_users AS maker ON maker.id = w.created_by`;
