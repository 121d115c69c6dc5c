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

/** The audit payloads that name a resource, oldest first. */
export const auditOf = async (tables: SharedDatabase, resourceId: string): Promise<readonly AuditPayload[]> => {
  const events = await readOutbox(tables);
  return events
    .filter(({ kind }) => kind === 'audit')
    .map(({ payload }) => payload as AuditPayload)
    .filter(({ resource }) => resource.id === resourceId);
};

export const userChangesOf = async (tables: SharedDatabase, userId: string): Promise<readonly unknown[]> => {
  const events = await readOutbox(tables);
  return events
    .filter(({ kind }) => kind === 'user-changed')
    .map(({ payload }) => payload)
    .filter((payload) => (payload as { userId: string }).userId === userId);
};

/** The events that are not as the contracts say. */
export const misshapenEvents = async (tables: SharedDatabase): Promise<readonly unknown[]> =>
  (await readOutbox(tables)).filter((event) => !Message.Check(event));
