import type { Actor, AuditEventMessage, AuditPayload, Change, OutboxMessage, UserChangedMessage } from '@guildhall/contracts';

/** The outbox, built on a connection or a transaction: what is appended there is committed or lost with the change. */
export interface Outbox {
  append(messages: readonly OutboxMessage[]): Promise<void>;
}

/**
 * Leaves a refused attempt in the audit trail. Those that repeat it within a minute are counted, and told by one event;
 * of one kind are those that say so, or else that equal each other.
 */
export type RecordRefusal = (event: AuditEventMessage, kind?: string) => Promise<void>;

export interface Occurrence {
  readonly id: string;
  readonly at: Date;
}

export interface Deed {
  readonly actor: Actor;
  readonly action: string;
  readonly resource: AuditPayload['resource'];
  readonly result?: AuditPayload['result'];
  readonly changes?: readonly Change[];
  readonly requestId: string;
}

/** An audit event of this service. */
export const audited = ({ id, at }: Occurrence, { result = 'success', changes, ...deed }: Deed): AuditEventMessage => ({
  id,
  kind: 'audit',
  occurredAt: at.toISOString(),
  payload: { ...deed, result, ...(changes === undefined ? {} : { changes: [...changes] }), service: 'auth' },
});

/** Tells the other services that an account is there, or has another name. */
export const userChanged = (
  { id, at }: Occurrence,
  user: { readonly id: string; readonly displayName: string; readonly version: number },
): UserChangedMessage => ({
  id,
  kind: 'user-changed',
  occurredAt: at.toISOString(),
  payload: { userId: user.id, displayName: user.displayName, version: user.version },
});
