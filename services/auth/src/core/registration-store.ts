import { normaliseEmail } from './email.ts';
import type { CodeAttempt, NewCode } from './code-store.ts';
import type { SecretHashes } from './random.ts';

/** An account before its address is verified. The id of its code becomes the id of the account. */
export interface NewRegistration {
  readonly code: NewCode;
  readonly displayName: string;
  readonly passwordHash: string;
  /** The invited address that it needs to be; null where none is needed. */
  readonly requiredInviteId: string | null;
}

export interface VerifiedUser {
  readonly id: string;
  readonly displayName: string;
  readonly version: number;
}

/** `taken`: the address has an account. `uninvited`: it has none, and no open invite either. */
export type RegistrationOutcome = 'pending' | 'taken' | 'uninvited';

/** Registrations that wait for their codes, and the addresses that were invited to register. */
export interface RegistrationStore {
  /** Stores a registration beside all others of its address. One statement, which costs the same where it stores none. */
  add(registration: NewRegistration, now: Date): Promise<RegistrationOutcome>;

  /**
   * Spends the code of a registration, or one of its attempts, and creates the verified account with the password of this registration
   * and the role `member`, in one statement. Null unless the code was right and live and the address still free; of two registrations
   * of one address the first that is verified gets it.
   */
  verify(attempt: CodeAttempt, now: Date): Promise<VerifiedUser | null>;

  /** Removes a registration with its password hash. */
  remove(codeId: string): Promise<void>;

  /** Lets an address register until a time. */
  invite(invited: { readonly id: string; readonly expiresAt: Date }, now: Date): Promise<void>;
}

/** The id of an invited address: a digest, so that the table names nobody. */
export const invitedAddressId = (hashes: Pick<SecretHashes, 'hashSubject'>, email: string): string =>
  hashes.hashSubject(`invited ${normaliseEmail(email)}`);
