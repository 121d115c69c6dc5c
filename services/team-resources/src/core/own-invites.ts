import type { InviteView } from '@guildhall/contracts';
import { notFound, requireFound, type PageRequest, type RequestContext, type SignedInCaller } from '@guildhall/resources';
import { normaliseEmail } from './invites.ts';

/** An invite with the address that it is to. */
export interface AddressedInvite {
  readonly view: InviteView;
  readonly email: string | null;
}

/** Invites as whoever may accept them sees them. Each operation is one statement; `at` is the time of the request. */
export interface OwnInviteStore {
  findView(tokenHash: string, userId: string, at: string): Promise<AddressedInvite | undefined>;
  /** The open invites to an address, newest first, without those to communities that the user belongs to. */
  listTo(email: string, userId: string, page: PageRequest, at: string): Promise<readonly InviteView[]>;
}

/** Looks at an invite. Throws NOT_FOUND, also when it is to another address: others do not learn that there is one. */
export const lookAtInvite = async (
  store: OwnInviteStore,
  { caller, at }: RequestContext<SignedInCaller>,
  tokenHash: string,
): Promise<InviteView> => {
  const found = await requireFound('invite', store.findView(tokenHash, caller.userId, at));
  if (found.email !== null && found.email !== normaliseEmail(caller.email)) throw notFound('invite');
  return found.view;
};

export const listOwnInvites = (
  store: OwnInviteStore,
  { caller, at }: RequestContext<SignedInCaller>,
  page: PageRequest,
): Promise<readonly InviteView[]> => store.listTo(normaliseEmail(caller.email), caller.userId, page, at);
