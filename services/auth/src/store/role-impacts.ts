import { row, sql, uncheckedRow, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { RoleEffect, RoleImpactStore } from '../core/role-impact.ts';
import { users } from './tables.ts';

const CountRow = uncheckedRow({
  permission: Type.String(),
  gained: Type.Integer(),
  lost: Type.Integer(),
  holderCount: Type.Integer(),
});
const HolderRow = row(
  [users],
  { displayName: Type.String() },
  { userId: Type.String(), gains: Type.Array(Type.String()), losses: Type.Array(Type.String()) },
);

/** Those of the permissions that an account has by none of its other roles. */
const without = (permissions: readonly string[]): Fragment => sql.fragment`
  ARRAY(
    SELECT changed.permission FROM unnest(${sql.array([...permissions], 'text')}) AS changed (permission)
    WHERE changed.permission <> ALL (holder.kept) ORDER BY changed.permission
  )`;

/** The CTE `impact`: the accounts that gain or lose something. */
const impactCte = ({ role, userId, given, taken }: RoleEffect): Fragment => sql.fragment`
  holder AS (
    SELECT account.id, account.display_name,
           ARRAY(
             SELECT granted.permission
             FROM auth.user_roles AS other JOIN auth.roles AS kept ON kept.name = other.role
             CROSS JOIN LATERAL unnest(kept.permissions) AS granted (permission)
             WHERE other.user_id = account.id AND other.role <> ${role}
           ) AS kept
    FROM auth.users AS account
    WHERE account.deleted_at IS NULL AND ${
      userId === null
        ? sql.fragment`account.id IN (SELECT assigned.user_id FROM auth.user_roles AS assigned WHERE assigned.role = ${role})`
        : sql.fragment`account.id = ${userId}`
    }
  ), changed AS (
    SELECT holder.id, holder.display_name, ${without(given)} AS gains, ${without(taken)} AS losses FROM holder
  ), impact AS (
    SELECT changed.id, changed.display_name, changed.gains, changed.losses FROM changed
    WHERE cardinality(changed.gains) + cardinality(changed.losses) > 0
  )`;

export const createRoleImpactStore = (connection: Connection): RoleImpactStore => ({
  async count(effect) {
    const rows = await connection.any(sql.type(CountRow)`
      WITH ${impactCte(effect)}
      SELECT named.permission,
             count(impact.id) FILTER (WHERE named.permission = ANY (impact.gains)) AS gained,
             count(impact.id) FILTER (WHERE named.permission = ANY (impact.losses)) AS lost,
             count(impact.id) AS holder_count
      FROM unnest(${sql.array([...effect.given, ...effect.taken], 'text')}) AS named (permission) LEFT JOIN impact ON true
      GROUP BY named.permission ORDER BY named.permission`);
    return {
      holderCount: rows[0]?.holderCount ?? 0,
      permissions: rows
        .filter(({ gained, lost }) => gained + lost > 0)
        .map(({ permission, gained, lost }) => ({ permission, gained, lost })),
    };
  },
  list: async (effect, { limit, after }) => [
    ...(await connection.any(sql.type(HolderRow)`
      WITH ${impactCte(effect)}
      SELECT impact.id AS user_id, impact.display_name, impact.gains, impact.losses
      FROM impact WHERE impact.id > ${after} ORDER BY impact.id LIMIT ${limit}`)),
  ],
});
