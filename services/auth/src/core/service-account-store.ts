import type { PersonalToken, ServiceAccount } from '@guildhall/contracts';
import type { PageRequest } from '@guildhall/resources';
import type { NewPersonalToken } from './personal-token-store.ts';
import type { SessionOwner } from './session-store.ts';

/** A change of the tokens of a service account by somebody who may change the account, which the statement looks at itself. */
export interface ServiceTokenChange {
  readonly serviceAccountId: string;
  readonly caller: SessionOwner;
}

/** Accounts of programs (machine account, non-human identity): no statement opens a session for one. */
export interface ServiceAccountStore {
  /** Null unless the caller's session is live and they may change accounts. */
  create(
    account: { readonly id: string; readonly name: string },
    caller: SessionOwner,
    now: Date,
  ): Promise<(ServiceAccount & { readonly version: number }) | null>;
  list(page: PageRequest): Promise<readonly ServiceAccount[]>;
  /** Whether there is such a service account. */
  has(id: string): Promise<boolean>;
  /** Null where the account is suspended or has `max` tokens, and for a caller who may not change it. */
  createToken(token: NewPersonalToken, change: ServiceTokenChange, max: number, now: Date): Promise<PersonalToken | null>;
  listTokens(id: string, page: PageRequest, now: Date): Promise<readonly PersonalToken[]>;
  /** Ends a live token at a time, unless it ends before. Returns its name and permissions; null for any other, and for a caller who may not. */
  endToken(
    tokenId: string,
    change: ServiceTokenChange & { readonly endsAt: Date },
    now: Date,
  ): Promise<Pick<PersonalToken, 'name' | 'permissions'> | null>;
}
