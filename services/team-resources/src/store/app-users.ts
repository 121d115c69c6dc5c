import type { ListedUser, UserChangedMessage } from '@guildhall/contracts';
import { row, sql, uncheckedRow, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { AppUserStore, UserVersion } from '../core/app-users.ts';
import { rejectedEvents } from './tables.ts';

const RestoredRow = uncheckedRow({
  changed: Type.Integer(),
  ahead: Type.Array(Type.Object({ userId: Type.String(), version: Type.Integer() })),
});
const IdRow = row([rejectedEvents], { id: Type.String() });

const columnsOf = (messages: readonly UserChangedMessage[]) =>
  sql.unnest(
    messages.map(({ id, payload }) => [id, payload.userId, payload.displayName, payload.version]),
    ['uuid', 'text', 'text', 'int8'],
  );

const restoreQuery = (listed: readonly ListedUser[], disproved: readonly UserVersion[]) => sql.type(RestoredRow)`
  WITH listed AS (
    SELECT user_id, display_name, version
    FROM ${sql.unnest(
      listed.map(({ userId, displayName, version }) => [userId, displayName, version]),
      ['text', 'text', 'int8'],
    )} AS listed (user_id, display_name, version)
  ),
  disproved AS (
    SELECT user_id, version
    FROM ${sql.unnest(
      disproved.map(({ userId, version }) => [userId, version]),
      ['text', 'int8'],
    )} AS disproved (user_id, version)
  ),
  ahead AS (
    SELECT known.id AS user_id, known.version
    FROM team.app_users AS known
    JOIN listed ON listed.user_id = known.id AND listed.version < known.version
    WHERE NOT EXISTS (SELECT 1 FROM disproved WHERE disproved.user_id = known.id AND disproved.version = known.version)
  ),
  stored AS (
    INSERT INTO team.app_users AS known (id, display_name, version)
    SELECT user_id, display_name, version FROM listed ORDER BY user_id
    ON CONFLICT (id) DO UPDATE
    SET display_name = excluded.display_name, version = excluded.version, erased_at = NULL, updated_at = now()
    WHERE (known.display_name <> excluded.display_name OR known.version <> excluded.version OR known.erased_at IS NOT NULL)
      AND (
        known.version <= excluded.version
        OR EXISTS (SELECT 1 FROM disproved WHERE disproved.user_id = known.id AND disproved.version = known.version)
      )
    RETURNING known.id
  )
  SELECT (SELECT count(stored.id) FROM stored) AS changed,
         coalesce(
           (SELECT jsonb_agg(jsonb_build_object('userId', ahead.user_id, 'version', ahead.version)) FROM ahead), '[]'::jsonb
         ) AS ahead`;

export const createAppUsers = (connection: Connection): AppUserStore => ({
  async record(messages) {
    if (messages.length === 0) return;
    await connection.query(sql.unsafe`
      WITH received AS (
        SELECT event_id, user_id, display_name, version
        FROM ${columnsOf(messages)} AS received (event_id, user_id, display_name, version)
      ),
      newest AS (
        SELECT DISTINCT ON (user_id) user_id, display_name, version FROM received ORDER BY user_id, version DESC
      ),
      stored AS (
        INSERT INTO team.app_users AS known (id, display_name, version)
        SELECT user_id, display_name, version FROM newest
        ON CONFLICT (id) DO UPDATE
        SET display_name = excluded.display_name, version = excluded.version, updated_at = now()
        WHERE known.version < excluded.version
        RETURNING known.id
      )
      INSERT INTO team.inbox_events (id, kind)
      SELECT DISTINCT event_id, 'user-changed' FROM received
      ON CONFLICT (id) DO NOTHING`);
  },
  async restore(listed, disproved) {
    const { changed, ahead } = await connection.one(restoreQuery(listed, disproved));
    return { changed, ahead };
  },
  async storeDeadLetter({ id, kind, raw, reason }) {
    const stored = await connection.maybeOne(sql.type(IdRow)`
      WITH taken AS (
        INSERT INTO team.inbox_events (id, kind) VALUES (${id}, ${kind}) ON CONFLICT (id) DO NOTHING
      )
      INSERT INTO team.rejected_events (id, raw, reason)
      VALUES (${id}, to_jsonb(${JSON.stringify(raw)}::text), ${reason})
      ON CONFLICT (id) DO NOTHING RETURNING id`);
    return stored !== null;
  },
  async missing(ids) {
    const rows = await connection.any(sql.type(IdRow)`
      SELECT asked.id FROM unnest(${sql.array([...ids], 'uuid')}) AS asked (id)
      WHERE NOT EXISTS (SELECT 1 FROM team.inbox_events AS taken WHERE taken.id = asked.id)`);
    return rows.map(({ id }) => id);
  },
  async purgeTakenBefore(at, limit) {
    const { rowCount } = await connection.query(sql.unsafe`
      DELETE FROM team.inbox_events
      WHERE id = ANY(ARRAY(
        SELECT id FROM team.inbox_events WHERE created_at < ${at}::timestamptz ORDER BY created_at, id LIMIT ${limit}
      ))`);
    return rowCount;
  },
});
