import { row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { Inbox } from '../core/inbox.ts';
import { inboxEvents } from './tables.ts';

const IdRow = row([inboxEvents], { id: Type.String() });

export const createInbox = (connection: Connection): Inbox => ({
  take: async (eventId, kind) => {
    const taken = await connection.maybeOne(sql.type(IdRow)`
      INSERT INTO auth.inbox_events (id, kind) VALUES (${eventId}, ${kind}) ON CONFLICT (id) DO NOTHING RETURNING id`);
    return taken !== null;
  },
  storeDeadLetter: async ({ id, kind, raw, reason }) => {
    const stored = await connection.maybeOne(sql.type(IdRow)`
      WITH taken AS (
        INSERT INTO auth.inbox_events (id, kind) VALUES (${id}, ${kind}) ON CONFLICT (id) DO NOTHING
      )
      INSERT INTO auth.rejected_events (id, raw, reason)
      VALUES (${id}, to_jsonb(${JSON.stringify(raw)}::text), ${reason})
      ON CONFLICT (id) DO NOTHING RETURNING id`);
    return stored !== null;
  },
  missing: async (ids) => {
    const rows = await connection.any(sql.type(IdRow)`
      SELECT asked.id FROM unnest(${sql.array([...ids], 'uuid')}) AS asked (id)
      WHERE NOT EXISTS (SELECT 1 FROM auth.inbox_events AS taken WHERE taken.id = asked.id)`);
    return rows.map(({ id }) => id);
  },
});
