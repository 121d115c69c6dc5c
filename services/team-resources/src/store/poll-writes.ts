import type { Poll } from '@guildhall/contracts';
import { row, sql, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { AuditedWrite } from '../core/community-write.ts';
import type { PollStore } from '../core/polls.ts';
import { accessIncludes, communityAccess, membershipIncludes } from './access.ts';
import { claimKey, recordEvents, timestamp } from './fragments.ts';
import { isOpenAt, isOwnOrModerated } from './poll-fragments.ts';
import { polls } from './tables.ts';
import { compareAndSwap } from './writes.ts';

const SavedRow = row([polls], { id: Type.String() });

/** The condition that the settings of the `community` let the user, with the role in `access`, open polls. */
export const mayOpenPolls = (userId: string): Fragment => sql.fragment`(
  ${accessIncludes('poll:moderate')}
  OR community.poll_creator_users = '[]'::jsonb OR community.poll_creator_users @> jsonb_build_array(${userId}::text))`;

const optionRows = (options: Poll['options']) =>
  sql.unnest(
    options.map(({ number, text }) => [number, text]),
    ['int8', 'text'],
  );

/** Stores a poll with its options and its electoral roll: the members who may vote now. */
const insert =
  (connection: Connection): PollStore['insert'] =>
  async (poll, { userId, event }, remembered) => {
    const { id, communityId, question, description, choice, resultsVisible, closesAt, electorCount, createdAt } = poll;
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH member AS (${communityAccess(userId, communityId, 'poll:create')}),
      electorate AS (
        SELECT m.user_id FROM team.resource_memberships AS m
        WHERE m.resource_id = ${communityId}::uuid AND m.resource_type = 'community' AND m.deleted_at IS NULL
          AND ${membershipIncludes(sql.fragment`m`, 'poll:vote')}
      ),
      access AS (
        SELECT access.community_id
        FROM member AS access JOIN team.communities AS community ON community.id = access.community_id
        WHERE ${mayOpenPolls(userId)} AND (SELECT count(*) FROM electorate) = ${electorCount}::int8
      ),
      claimed_key AS (${claimKey(userId, remembered)}),
      saved AS (
        INSERT INTO team.polls
          (id, community_id, question, description, choice, results_visible, closes_at, elector_count, created_by, version,
           created_at, updated_at)
        SELECT ${id}::uuid, access.community_id, ${question}::text, ${description}::text, ${choice}::text, ${resultsVisible}::text,
               ${closesAt}::timestamptz, ${electorCount}::int8, ${userId}::text, 1::int8, ${timestamp(createdAt)},
               ${timestamp(createdAt)}
        FROM access WHERE EXISTS (SELECT 1 FROM claimed_key)
        RETURNING id
      ),
      offered AS (
        INSERT INTO team.poll_options (poll_id, number, text)
        SELECT saved.id, option.number, option.text FROM saved CROSS JOIN ${optionRows(poll.options)} AS option (number, text)
      ),
      electors AS (
        INSERT INTO team.poll_electors (poll_id, user_id) SELECT saved.id, electorate.user_id FROM saved CROSS JOIN electorate
      ),
      ${recordEvents(event)}
      SELECT id FROM saved`);
    return saved !== null;
  };

/** Changes a poll of the user's own or one that they moderate, as a compare-and-swap on the version before `next`. */
const change = (
  connection: Connection,
  { id, communityId, version, updatedAt }: Poll,
  write: AuditedWrite,
  { set, when }: { readonly set: Fragment; readonly when: Fragment },
): Promise<boolean> =>
  compareAndSwap(connection, write, {
    access: communityAccess(write.userId, communityId, 'poll:create'),
    update: sql.fragment`
      UPDATE team.polls AS poll SET ${set}, version = ${version}::int8, updated_at = ${timestamp(updatedAt)}
      FROM access
      WHERE poll.id = ${id}::uuid AND poll.community_id = access.community_id AND poll.version = ${version - 1}::int8
        AND ${isOwnOrModerated(write.userId)} AND ${when}
      RETURNING poll.id`,
  });

/** The time at which the row is looked at: after the statement has waited for those that locked it. */
const isOpen = isOpenAt(sql.fragment`clock_timestamp()`);

export const pollWrites = (connection: Connection): Pick<PollStore, 'insert' | 'save' | 'setDeleted' | 'close'> => ({
  insert: insert(connection),
  save: (next, write) =>
    change(connection, next, write, {
      set: sql.fragment`description = ${next.description}, closes_at = ${next.closesAt}::timestamptz`,
      when: sql.fragment`poll.deleted_at IS NULL AND ${isOpen}`,
    }),
  setDeleted: (next, isDeleted, write) =>
    change(connection, next, write, {
      set: sql.fragment`deleted_at = ${isDeleted ? next.updatedAt : null}::timestamptz`,
      when: isDeleted ? sql.fragment`poll.deleted_at IS NULL` : sql.fragment`poll.deleted_at IS NOT NULL`,
    }),
  close: (next, write) =>
    change(connection, next, write, {
      set: sql.fragment`closed_at = clock_timestamp()`,
      when: sql.fragment`poll.deleted_at IS NULL AND ${isOpen}`,
    }),
});
