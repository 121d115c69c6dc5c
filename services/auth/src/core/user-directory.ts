import type { User } from '@guildhall/contracts';
import type { PageRequest, SortedRequest } from '@guildhall/resources';
import type { DeviceSession, SessionOwner } from './session-store.ts';

/** A list of accounts, as an administrator asks for it. */
export interface UserFilter {
  readonly page: SortedRequest;
  /** A part of the name or the address, in any case. */
  readonly q?: string | undefined;
  readonly role?: string | undefined;
  readonly status?: User['status'] | undefined;
}

/** A change of an account by somebody else. */
export interface AccountChange {
  readonly userId: string;
  readonly caller: SessionOwner;
}

/** The facts that decide whether an account may be changed, as they are in the database now. */
export interface AccountFacts {
  readonly isCallerLive: boolean;
  readonly callerPermissions: readonly string[];
  /** Null where there is no such account, or it was erased. */
  readonly account: User | null;
  readonly accountPermissions: readonly string[];
  /** Whether the account is the only active one with the role that must not be lost. */
  readonly isLastOwner: boolean;
}

/** The accounts, for administrators. */
export interface UserDirectory {
  /** Lists accounts that were not erased, in the order of the page. */
  list(filter: UserFilter): Promise<readonly User[]>;
  /** Null where there is no such account, or it was erased. */
  find(userId: string): Promise<User | null>;
  facts(change: AccountChange, now: Date): Promise<AccountFacts>;
  /**
   * Changes the status, if the version is current and `refusalOfChange` finds nothing in this very statement. It never suspends the last
   * active owner: of two who suspend each other, one stays.
   */
  setStatus(
    change: AccountChange & { readonly status: User['status']; readonly version: number },
    now: Date,
  ): Promise<User | null>;
  /**
   * Erases an account as `UserStore.erase` does, if `refusalOfChange` finds nothing in this very statement. Null where it does, where the account is gone,
   * and for the last active owner.
   */
  erase(change: AccountChange, now: Date): Promise<{ readonly version: number; readonly email: string } | null>;
  /** Ends every session of an account, and the sign-ins under way, if `refusalOfChange` finds nothing. Returns the ids of those that were live. */
  endSessions(change: AccountChange, now: Date): Promise<readonly string[]>;
  /** Removes every second factor of an account, if `refusalOfChange` finds nothing in this very statement. Returns whether there was one. */
  resetSecondFactor(change: AccountChange, now: Date): Promise<boolean>;
  /** The live sessions of an account, newest first. */
  listSessions(userId: string, page: PageRequest, now: Date): Promise<readonly DeviceSession[]>;
}
