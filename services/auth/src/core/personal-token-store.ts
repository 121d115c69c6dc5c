import type { PersonalToken } from '@guildhall/contracts';
import type { PageRequest } from '@guildhall/resources';
import type { SessionOwner } from './session-store.ts';

export interface NewPersonalToken {
  readonly id: string;
  readonly name: string;
  readonly tokenHash: string;
  readonly permissions: readonly string[];
  readonly expiresAt: Date;
}

/** A live token with its user. */
export interface FoundPersonalToken {
  readonly tokenId: string;
  readonly userId: string;
  readonly displayName: string;
  readonly email: string;
  /** The global permissions of the user at this moment. */
  readonly permissions: readonly string[];
  readonly tokenPermissions: readonly string[];
}

/** Personal access tokens. */
export interface PersonalTokenStore {
  /**
   * Creates a token of the caller, while their session is live and they have fewer than `max`. Used in a transaction: a statement of its own
   * locks the account first, so that the next one counts what others have just created.
   */
  create(
    token: NewPersonalToken,
    caller: SessionOwner,
    rules: { readonly max: number; readonly requiredRoles: readonly string[] },
    now: Date,
  ): Promise<PersonalToken | null>;

  /** The caller's tokens that have not expired, newest first, while their session is live; null when it is not. */
  list(
    caller: SessionOwner,
    page: PageRequest,
    requiredRoles: readonly string[],
    now: Date,
  ): Promise<readonly PersonalToken[] | null>;

  /** Removes one of the caller's tokens, while their session is live. Returns its name; null if there is none. */
  revoke(tokenId: string, caller: SessionOwner, now: Date): Promise<string | null>;

  /**
   * Finds a token that has not expired, of an active account, and notes its use unless that was done since `notedSince`; one statement. A person's token that was made
   * without the second factor is none while they hold one of the roles that require it.
   */
  findByHash(
    tokenHash: string,
    requiredRoles: readonly string[],
    notedSince: Date,
    now: Date,
  ): Promise<FoundPersonalToken | null>;

  /** The global permissions that the user of such a token holds and the token has; null for no such token. */
  findPermissions(
    userId: string,
    tokenId: string,
    requiredRoles: readonly string[],
    now: Date,
  ): Promise<readonly string[] | null>;
}
