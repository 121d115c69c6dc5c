import { sql, type Fragment } from '@guildhall/db';
import type { PollFilter, PollSort } from '../core/polls.ts';
import type { TimePosition } from '../core/sorted-cursor.ts';
import { accessIncludes } from './access.ts';
import { containsText, timestamp } from './fragments.ts';

/** SQL fragments about the `poll` of the statement around them. */

/** The condition that the poll is open at a time of the database's clock. */
export const isOpenAt = (time: Fragment): Fragment =>
  sql.fragment`(poll.closed_at IS NULL AND (poll.closes_at IS NULL OR poll.closes_at > ${time}))`;

/** The time of the whole statement: reads see one. */
const now = sql.fragment`now()`;

/** The columns of a poll as its voter sees it, between `voterJoins`. */
export const summaryColumns = sql.fragment`
  poll.id, poll.community_id, poll.question, poll.description, poll.choice, poll.results_visible,
  CASE WHEN ${isOpenAt(now)} THEN 'open' ELSE 'closed' END AS status, poll.closes_at,
  CASE WHEN ${isOpenAt(now)} THEN NULL ELSE coalesce(poll.closed_at, poll.closes_at) END AS closed_at,
  poll.elector_count, elector.id IS NOT NULL AS is_elector, own.id IS NOT NULL AS has_voted, poll.created_by,
  coalesce(creator.display_name, '') AS created_by_name, poll.version, poll.created_at, poll.updated_at`;

/** Joins the user as `elector` of the poll and their ballot as `own`, and whoever opened it as `creator`. */
export const voterJoins = (userId: string): Fragment => sql.fragment`
  LEFT JOIN team.poll_electors AS elector ON elector.poll_id = poll.id AND elector.user_id = ${userId}
  LEFT JOIN team.poll_ballots AS own ON own.poll_elector_id = elector.id
  LEFT JOIN team.app_users AS creator ON creator.id = poll.created_by`;

/** The condition that the user opened the poll, or that their role in the CTE `access` moderates polls. */
export const isOwnOrModerated = (userId: string): Fragment => sql.fragment`
  (poll.created_by = ${userId} OR ${accessIncludes('poll:moderate')})`;

const stateConditions: Readonly<Record<'any' | 'open' | 'closed', Fragment>> = {
  any: sql.fragment`poll.deleted_at IS NULL`,
  open: sql.fragment`poll.deleted_at IS NULL AND ${isOpenAt(now)}`,
  closed: sql.fragment`poll.deleted_at IS NULL AND NOT ${isOpenAt(now)}`,
};

/** The condition that a filter lets the poll through. */
export const isListed = ({ state, text }: PollFilter, userId: string): Fragment => {
  const inState =
    state === 'deleted'
      ? sql.fragment`poll.deleted_at IS NOT NULL AND ${isOwnOrModerated(userId)}`
      : stateConditions[state ?? 'any'];
  return sql.fragment`${inState} AND ${containsText(sql.fragment`poll.question`, text)}`;
};

/** The order of a list of polls, or of rows made of them. */
export const pollOrder = (sort: PollSort, rows: Fragment): Fragment => {
  if (sort === 'oldest') return sql.fragment`${rows}.created_at, ${rows}.id`;
  if (sort === 'closing') return sql.fragment`${rows}.closes_at NULLS LAST, ${rows}.id`;
  return sql.fragment`${rows}.created_at DESC, ${rows}.id DESC`;
};

/** Keyset pagination: the condition that the poll comes after a position in this order. */
export const afterPoll = (sort: PollSort, after: TimePosition | null): Fragment => {
  if (after === null) return sql.fragment`true`;
  const { time, id } = after;
  if (time === null) return sql.fragment`(poll.closes_at IS NULL AND poll.id > ${id}::uuid)`;
  if (sort === 'oldest') return sql.fragment`(poll.created_at, poll.id) > (${timestamp(time)}, ${id}::uuid)`;
  if (sort === 'newest') return sql.fragment`(poll.created_at, poll.id) < (${timestamp(time)}, ${id}::uuid)`;
  return sql.fragment`((poll.closes_at, poll.id) > (${timestamp(time)}, ${id}::uuid) OR poll.closes_at IS NULL)`;
};
