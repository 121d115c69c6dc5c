import type { CommunityPermission } from '@guildhall/contracts';
import { leftJoined, row, sql, uncheckedRow, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import { countedActions, type Figures, type MetricStore } from '../core/metrics.ts';
import { callerRole, membershipOf, roleIncludes } from './access.ts';
import { Metrics } from './community-rows.ts';
import { timestamp } from './fragments.ts';
import { Role } from './rows.ts';
import { communities, communityMetrics, resourceMemberships } from './tables.ts';

const permission: CommunityPermission = 'metrics:read';

/** The metrics that `keep` has written. */
const KeptFigures = Type.Unsafe<Figures>(Type.Object({}));
const AccessRow = row([communities, resourceMemberships, leftJoined(communityMetrics)], {
  role: Role,
  metricVisibilitySettings: Metrics,
  dashboardRefreshInterval: Type.Integer(),
  figures: Type.Optional(KeptFigures),
  computedAt: Type.Optional(Type.String()),
});
const CountsRow = uncheckedRow({
  from: Type.Union([Type.String(), Type.Null()]),
  activeMembers: Type.Integer(),
  wealthPublished: Type.Integer(),
  trustAwarded: Type.Integer(),
  councilDeeds: Type.Integer(),
  needsStated: Type.Integer(),
  needsFulfilled: Type.Integer(),
  requestsFiled: Type.Integer(),
  disputesOpened: Type.Integer(),
});

const countOf = (name: keyof typeof countedActions): Fragment =>
  sql.fragment`(count(*) FILTER (WHERE action = ANY(${sql.array([...countedActions[name]], 'text')})))::int8`;

const counts = sql.fragment`
  (count(DISTINCT user_id) FILTER (WHERE is_contribution))::int8 AS active_members, ${countOf('wealthPublished')} AS wealth_published,
  ${countOf('trustAwarded')} AS trust_awarded, ${countOf('councilDeeds')} AS council_deeds,
  ${countOf('needsStated')} AS needs_stated, ${countOf('needsFulfilled')} AS needs_fulfilled,
  ${countOf('requestsFiled')} AS requests_filed, ${countOf('disputesOpened')} AS disputes_opened`;

export const createMetricStore = (connection: Connection): MetricStore => ({
  async find(userId, communityId, by, at) {
    const found = await connection.maybeOne(sql.type(AccessRow)`
      SELECT ${callerRole}, community.metric_visibility_settings, community.dashboard_refresh_interval, kept.figures, kept.computed_at
      FROM team.communities AS community
      ${membershipOf(userId)}
      LEFT JOIN team.community_metrics AS kept
        ON kept.community_id = community.id AND kept.period = ${by}
       AND kept.computed_at > ${timestamp(at)} - community.dashboard_refresh_interval * interval '1 second'
      WHERE community.id = ${communityId}::uuid AND community.deleted_at IS NULL AND ${roleIncludes(permission)}`);
    if (found === null) return undefined;
    const { role, metricVisibilitySettings: visibility, dashboardRefreshInterval: refreshSeconds, figures, computedAt } = found;
    const kept = figures === undefined || computedAt === undefined ? null : { figures, computedAt };
    return { role, visibility, refreshSeconds, kept };
  },
  count: (communityId, by, since) =>
    connection.any(sql.type(CountsRow)`
      WITH done AS (
        SELECT a.user_id, a.action, a.is_contribution, date_trunc(${by}, a.occurred_at) AS period
        FROM team.activities AS a
        WHERE a.community_id = ${communityId}::uuid AND a.occurred_at >= ${timestamp(since)}
      )
      SELECT period AS "from", ${counts} FROM done GROUP BY period
      UNION ALL
      SELECT NULL::timestamptz AS "from", ${counts} FROM done`),
  async keep(communityId, by, figures, computedAt) {
    await connection.query(sql.unsafe`
      INSERT INTO team.community_metrics AS kept (community_id, period, figures, computed_at)
      VALUES (${communityId}::uuid, ${by}, ${JSON.stringify(figures)}::jsonb, ${timestamp(computedAt)})
      ON CONFLICT (community_id, period) DO UPDATE
      SET figures = excluded.figures, computed_at = excluded.computed_at, updated_at = now()
      WHERE kept.computed_at < excluded.computed_at`);
  },
});
