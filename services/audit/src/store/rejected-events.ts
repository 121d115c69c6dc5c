import { row, sql, type Connection } from '@guildhall/db';
import { isAppError, type AppError } from '@guildhall/errors';
import { Type } from 'typebox';
import type { DeadLetter, RejectedEvents } from '../core/trail/audit-events.ts';
import type { RejectedReview } from '../core/rejected/review-rejected.ts';
import { hasStorableTexts } from '../core/log/storable-text.ts';
import { refusedValues } from './refused-values.ts';
import { rejectedEvents } from './tables.ts';

export const RejectedRow = row(
  [rejectedEvents],
  { id: Type.String(), raw: Type.Unknown(), reason: Type.String() },
  { at: Type.String() },
);

const keepQuery = ({ id, reason, at }: DeadLetter, json: string) => sql.unsafe`
  INSERT INTO audit.rejected_events (id, raw, reason, created_at, updated_at)
  VALUES (${id}, ${json}::jsonb, ${reason}, ${at}, ${at})
  ON CONFLICT (id) DO NOTHING`;

const isRefusal = (error: unknown): error is AppError => isAppError(error) && error.code === 'UNPROCESSABLE';

/** Some JSON is no jsonb (the character zero, half a surrogate pair, too deep): its text is kept then, as one string. */
export const createRejectedEvents = (connection: Connection): RejectedEvents => ({
  async keep(event) {
    const json = JSON.stringify(event.raw);
    const asText = async (): Promise<boolean> => (await connection.query(keepQuery(event, JSON.stringify(json)))).rowCount > 0;
    // CockroachDB takes the character zero in jsonb: whether it is kept as text must not depend on the engine.
    if (!hasStorableTexts(event.raw)) return asText();
    try {
      return (await refusedValues(connection.query(keepQuery(event, json)))).rowCount > 0;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return asText();
    }
  },
});

export const createRejectedReview = (connection: Connection): RejectedReview => ({
  list: ({ limit, after }) =>
    connection.any(sql.type(RejectedRow)`
      SELECT id, raw, reason, created_at AS at FROM audit.rejected_events
      WHERE ${after === null ? sql.fragment`true` : sql.fragment`(created_at, id) > (${after.at}::timestamptz, ${after.id}::uuid)`}
      ORDER BY created_at, id LIMIT ${limit + 1}`),
  find: (id) =>
    connection.maybeOne(sql.type(RejectedRow)`
      SELECT id, raw, reason, created_at AS at FROM audit.rejected_events WHERE id = ${id}`),
  remove: async (id) => void (await connection.query(sql.unsafe`DELETE FROM audit.rejected_events WHERE id = ${id}`)),
});
