import type { RequestContext, SignedInCaller } from '@guildhall/resources';

/** The context of a request by a signed-in user. */
export type SignedInContext = RequestContext<SignedInCaller>;
