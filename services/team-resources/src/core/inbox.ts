import type { InboxItem } from '@guildhall/contracts';
import type { PageRequest } from '@guildhall/resources';

export interface InboxFilter {
  readonly page: PageRequest;
  readonly kind?: InboxItem['kind'];
}

/** The inboxes of users: what waits for them in the communities that they belong to, and invites to their address. */
export interface InboxStore {
  /** Newest first, in one statement. `at` is the time of the request, the address is as auth stores it. */
  list(user: { readonly userId: string; readonly email: string }, filter: InboxFilter, at: string): Promise<readonly InboxItem[]>;
}
