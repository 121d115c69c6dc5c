import type { OutboxMessage, UserChangedMessage } from '@guildhall/contracts';
import { omitUndefined, type RequestContext } from '@guildhall/resources';

/** The outbox, on a connection or a transaction: appended messages are committed or rolled back together with the change. */
export interface Outbox {
  append(messages: readonly OutboxMessage[]): Promise<void>;
}

/** The event that tells the other services of a new, renamed, suspended or reactivated account. */
export const userChanged = (
  { at, newId }: Pick<RequestContext, 'at' | 'newId'>,
  user: { readonly id: string; readonly displayName: string; readonly version: number; readonly status?: 'active' | 'suspended' },
): UserChangedMessage => ({
  id: newId(),
  kind: 'user-changed',
  occurredAt: at,
  payload: { userId: user.id, displayName: user.displayName, version: user.version, ...omitUndefined({ status: user.status }) },
});

/** The name of an account without a name any more. */
export const erasedUserName = 'Erased user';

/** The event that tells the other services of an erased account, with the address that it had. */
export const userErased = (
  context: Pick<RequestContext, 'at' | 'newId'>,
  { id, version, email }: { readonly id: string; readonly version: number; readonly email: string },
): UserChangedMessage => {
  const changed = userChanged(context, { id, displayName: erasedUserName, version });
  return { ...changed, payload: { ...changed.payload, status: 'erased', email } };
};
