import type { OutboxMessage, UserChangedMessage } from '@guildhall/contracts';
import type { RequestContext } from '@guildhall/resources';

/** The outbox, on a connection or a transaction: appended messages are committed or rolled back together with the change. */
export interface Outbox {
  append(messages: readonly OutboxMessage[]): Promise<void>;
}

/** The event that tells the other services of a new or renamed account. */
export const userChanged = (
  { at, newId }: Pick<RequestContext, 'at' | 'newId'>,
  user: { readonly id: string; readonly displayName: string; readonly version: number },
): UserChangedMessage => ({
  id: newId(),
  kind: 'user-changed',
  occurredAt: at,
  payload: { userId: user.id, displayName: user.displayName, version: user.version },
});
