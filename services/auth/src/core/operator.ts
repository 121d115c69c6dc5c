import type { Actor } from '@guildhall/contracts';

/** The actor of whoever has the machine and its database: they need no account for that. */
export const operatorActor: Actor = { type: 'system', id: 'operator' };
