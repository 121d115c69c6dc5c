import type { UserChangedMessage } from '@guildhall/contracts';
import { row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { AppUserStore } from '../core/app-users.ts';
import { rejectedEvents } from './tables.ts';

const IdRow = row([rejectedEvents], { id: Type.String() });

const columnsOf = (messages: readonly UserChangedMessage[]) =>
  sql.unnest(
    messages.map(({ id, payload }) => [id, payload.userId, payload.displayName, payload.version]),
    ['uuid', 'text', 'text', 'int8'],
  );

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
