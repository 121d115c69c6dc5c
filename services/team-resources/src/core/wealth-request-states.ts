import type { WealthRequestStatus } from '@guildhall/contracts';

/** The state machine of wealth requests: who may move a request from which status to which, and what that does to the quantity. */

/** A move of a request from one status to another. */
export interface WealthRequestMove {
  readonly from: WealthRequestStatus;
  readonly to: Exclude<WealthRequestStatus, 'pending'>;
}

/** The provider offers the wealth, the requester asks for it. */
export type WealthSide = 'provider' | 'requester';

const moves: Readonly<Partial<Record<`${WealthRequestMove['from']} > ${WealthRequestMove['to']}`, readonly WealthSide[]>>> = {
  'pending > accepted': ['provider'],
  'pending > rejected': ['provider'],
  'pending > cancelled': ['requester'],
  'accepted > fulfilled': ['provider', 'requester'],
  'accepted > cancelled': ['provider', 'requester'],
};

/** The sides that a member may act for. Who moderates acts for the provider, but not in a request of their own. */
export const sidesOf = (userId: string, requestedBy: string, offeredBy: string, isModerator: boolean): readonly WealthSide[] => {
  if (userId === requestedBy) return ['requester'];
  return userId === offeredBy || isModerator ? ['provider'] : [];
};

/** Tells whether there is such a move, and whether one of the sides may make it. */
export const moveAllowed = (
  { from, to }: WealthRequestMove,
  sides: readonly WealthSide[],
): 'allowed' | 'other side' | 'no such move' => {
  const allowed = moves[`${from} > ${to}`];
  if (allowed === undefined) return 'no such move';
  return allowed.some((side) => sides.includes(side)) ? 'allowed' : 'other side';
};

/** The effect of a move on the quantities of the wealth, as multiples of the requested quantity. */
export const quantityEffect = ({ from, to }: WealthRequestMove): { readonly taken: -1 | 0 | 1; readonly fulfilled: 0 | 1 } => {
  if (to === 'accepted') return { taken: 1, fulfilled: 0 };
  if (to === 'fulfilled') return { taken: 0, fulfilled: 1 };
  return { taken: from === 'accepted' ? -1 : 0, fulfilled: 0 };
};
