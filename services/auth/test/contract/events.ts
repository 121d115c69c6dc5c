import { sql, uncheckedRow, type SharedDatabase } from '@guildhall/db';
import { AuditEventMessage, UserChangedMessage, type AuditPayload } from '@guildhall/contracts';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

const EventRow = uncheckedRow({ id: Type.String(), kind: Type.String(), payload: Type.Unknown(), occurredAt: Type.String() });
const Message = Compile(Type.Union([AuditEventMessage, UserChangedMessage]));

/** Every event that the service left in its outbox, oldest first. */
export const readOutbox = async (tables: SharedDatabase) =>
  tables.connection.any(
    sql.type(EventRow)`SELECT id, kind, payload, occurred_at FROM auth.outbox_events ORDER BY created_at, occurred_at, id`,
  );

const readPayloads = async (tables: SharedDatabase, kind: string, path: readonly string[], id: string) => {
  const found = await tables.connection.any(sql.type(EventRow)`
    SELECT id, kind, payload, occurred_at FROM auth.outbox_events
    WHERE kind = ${kind} AND payload #>> ${sql.array([...path], 'text')} = ${id} ORDER BY created_at, occurred_at, id`);
  return found.map(({ payload }) => payload);
};

/** The audit payloads that name a resource, oldest first. */
export const auditOf = async (tables: SharedDatabase, resourceId: string): Promise<readonly AuditPayload[]> =>
  (await readPayloads(tables, 'audit', ['resource', 'id'], resourceId)) as AuditPayload[];

export const userChangesOf = (tables: SharedDatabase, userId: string): Promise<readonly unknown[]> =>
  readPayloads(tables, 'user-changed', ['userId'], userId);

/** The events that are not as the contracts say. */
export const misshapenEvents = async (tables: SharedDatabase): Promise<readonly unknown[]> =>
  (await readOutbox(tables)).filter((event) => !Message.Check(event));
