import type { TrustScore } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { ScorePosition, TrustGraphRow, TrustScoreStore } from '../core/trust-scores.ts';
import { communityAccess } from './access.ts';
import { appUsers } from './tables.ts';
import { titleOf } from './trust-rules.ts';

const computed = {
  userId: Type.String(),
  awards: Type.Integer(),
  points: Type.Integer(),
  score: Type.Integer(),
  title: Type.String(),
};
/** Left-joined to the CTE `access`: one row without a member means that there is none. */
const partial = <const T extends Parameters<typeof Type.Object>[0]>(fields: T) => Type.Partial(Type.Object(fields)).properties;
const ScoreRow = row([leftJoined(appUsers)], { displayName: Type.Optional(Type.String()) }, partial(computed));
const GraphRow = row(
  [leftJoined(appUsers)],
  { displayName: Type.Optional(Type.String()) },
  partial({ ...computed, distance: Type.Integer(), vouchesFor: Type.Array(Type.String()) }),
);

const toRows = <T extends { readonly userId: string }>(rows: readonly Partial<T>[]): readonly T[] | undefined =>
  rows.length === 0 ? undefined : rows.filter((found): found is T => found.userId !== undefined);

/** The columns of a member's score, of the joined `community`, `scored` and `app_user`. */
const scoreColumns: Fragment = sql.fragment`scored.user_id, app_user.display_name, scored.awards::int8 AS awards,
  scored.points::int8 AS points, scored.score::int8 AS score, ${titleOf(sql.fragment`scored.score`)} AS title`;

/**
 * The scores of the members of a community. Its id is a value and no column of the CTE `access`, so that the planner knows how
 * large the community is: it counts the scores that are asked for, and not those of all members.
 */
const scoresIn = (communityId: string): Fragment => sql.fragment`
  team.communities AS community
  JOIN team.trust_scores AS scored ON scored.community_id = community.id
  JOIN team.app_users AS app_user ON app_user.id = scored.user_id
  WHERE community.id = ${communityId}::uuid`;

const afterScore = (after: ScorePosition | null): Fragment =>
  after === null
    ? sql.fragment`true`
    : sql.fragment`(scored.score < ${after.score}::int8 OR (scored.score = ${after.score}::int8 AND scored.user_id > ${after.userId}))`;

/**
 * The members within `depth` awards of the middle, with their least distance. Each step keeps a member once and reads the awards
 * of those that it reached last, by an index: the rest of the community costs nothing.
 */
const nearby = (communityId: string, around: string, depth: number): Fragment => sql.fragment`
  reached (user_id, distance) AS (
    SELECT member.user_id, 0::int8 FROM access
    JOIN team.resource_memberships AS member
      ON member.resource_id = access.community_id AND member.resource_type = 'community' AND member.user_id = ${around}
     AND member.deleted_at IS NULL
    UNION
    SELECT next_member.user_id, reached.distance + 1
    FROM reached
    CROSS JOIN LATERAL (
      SELECT given.to_user_id AS other FROM team.trust_awards AS given
      WHERE given.community_id = ${communityId}::uuid AND given.from_user_id = reached.user_id AND given.deleted_at IS NULL
      UNION ALL
      SELECT received.from_user_id AS other FROM team.trust_awards AS received
      WHERE received.community_id = ${communityId}::uuid AND received.to_user_id = reached.user_id AND received.deleted_at IS NULL
    ) AS link
    JOIN team.resource_memberships AS next_member
      ON next_member.resource_id = ${communityId}::uuid AND next_member.resource_type = 'community'
     AND next_member.user_id = link.other AND next_member.deleted_at IS NULL
    WHERE reached.distance < ${depth}::int8
  )`;

export const createTrustScores = (connection: Connection): TrustScoreStore => ({
  async list(userId, communityId, { limit, after }) {
    const rows = await connection.any(sql.type(ScoreRow)`
      WITH access AS (${communityAccess(userId, communityId, 'trust:read')})
      SELECT listed.user_id, listed.display_name, listed.awards, listed.points, listed.score, listed.title
      FROM access
      LEFT JOIN LATERAL (
        SELECT ${scoreColumns}
        FROM team.communities AS community
        CROSS JOIN (
          SELECT scored.user_id, scored.awards, scored.points, scored.score FROM team.trust_scores AS scored
          WHERE scored.community_id = ${communityId}::uuid AND ${afterScore(after)}
          ORDER BY scored.score DESC, scored.user_id LIMIT ${limit}
        ) AS scored
        JOIN team.app_users AS app_user ON app_user.id = scored.user_id
        WHERE community.id = ${communityId}::uuid
      ) AS listed ON true
      ORDER BY listed.score DESC, listed.user_id`);
    return toRows<TrustScore>(rows);
  },
  async find(userId, communityId, memberId) {
    const rows = toRows<TrustScore>(
      await connection.any(sql.type(ScoreRow)`
        WITH access AS (${communityAccess(userId, communityId, 'trust:read')})
        SELECT found.user_id, found.display_name, found.awards, found.points, found.score, found.title
        FROM access
        LEFT JOIN LATERAL (SELECT ${scoreColumns} FROM ${scoresIn(communityId)} AND scored.user_id = ${memberId}) AS found ON true`),
    );
    return rows === undefined ? undefined : { score: rows[0] };
  },
  async graph(userId, communityId, { around, depth, limit }) {
    const rows = await connection.any(sql.type(GraphRow)`
      WITH RECURSIVE access AS (${communityAccess(userId, communityId, 'trust:read')}),
      ${nearby(communityId, around, depth)},
      nearest AS (
        SELECT reached.user_id, min(reached.distance) AS distance FROM reached
        GROUP BY reached.user_id ORDER BY min(reached.distance), reached.user_id LIMIT ${limit}
      )
      SELECT node.user_id, node.display_name, node.awards, node.points, node.score, node.title, node.distance, node.vouches_for
      FROM access
      LEFT JOIN LATERAL (
        SELECT ${scoreColumns}, nearest.distance::int8 AS distance,
               ARRAY(
                 SELECT award.to_user_id FROM team.trust_awards AS award
                 WHERE award.community_id = ${communityId}::uuid AND award.from_user_id = nearest.user_id AND award.deleted_at IS NULL
                   AND award.to_user_id IN (SELECT other_node.user_id FROM nearest AS other_node)
                 ORDER BY award.to_user_id
               ) AS vouches_for
        FROM nearest
        CROSS JOIN ${scoresIn(communityId)} AND scored.user_id = nearest.user_id
      ) AS node ON true
      ORDER BY node.distance, node.user_id`);
    return toRows<TrustGraphRow>(rows);
  },
});
