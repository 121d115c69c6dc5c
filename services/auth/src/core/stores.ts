import type { CodeStore } from './code-store.ts';
import type { ConnectionStore } from './connection-store.ts';
import type { Inbox } from './inbox.ts';
import type { LoginFailures } from './login-delay.ts';
import type { MailQueue } from './mails.ts';
import type { Outbox } from './messages.ts';
import type { OwnerStore } from './owner-store.ts';
import type { PasskeyStore } from './passkey-store.ts';
import type { PersonalTokenStore } from './personal-token-store.ts';
import type { RegistrationStore } from './registration-store.ts';
import type { ChallengeStore, SecondFactorStore } from './second-factor-store.ts';
import type { RoleImpactStore } from './role-impact.ts';
import type { RoleStore } from './role-store.ts';
import type { ServiceAccountStore } from './service-account-store.ts';
import type { SessionStore } from './session-store.ts';
import type { SignInCodeStore } from './sign-in-code-store.ts';
import type { SetupTokens } from './setup-tokens.ts';
import type { SigningKeyStore } from './signing-keys.ts';
import type { UserDirectory } from './user-directory.ts';
import type { UserStore } from './user-store.ts';

/** Every store, built on one connection. */
export interface Stores {
  readonly users: UserStore;
  readonly directory: UserDirectory;
  readonly sessions: SessionStore;
  readonly codes: CodeStore;
  readonly signInCodes: SignInCodeStore;
  readonly registrations: RegistrationStore;
  readonly loginFailures: LoginFailures;
  readonly mails: MailQueue;
  readonly secondFactors: SecondFactorStore;
  readonly challenges: ChallengeStore;
  readonly connections: ConnectionStore;
  readonly inbox: Inbox;
  readonly passkeys: PasskeyStore;
  readonly personalTokens: PersonalTokenStore;
  readonly roles: RoleStore;
  readonly roleImpacts: RoleImpactStore;
  readonly serviceAccounts: ServiceAccountStore;
  readonly setupTokens: SetupTokens;
  readonly owner: OwnerStore;
  readonly signingKeys: SigningKeyStore;
  readonly outbox: Outbox;
}

/**
 * The shared database. Both members throw NOT_CONFIGURED or SHARED_DB_UNAVAILABLE while it cannot be used. `work` may run more
 * than once, so it has no effect except through the stores it is given. An error that it throws rolls everything back.
 */
export interface Database {
  /** Stores outside of a transaction: every statement commits by itself. */
  readonly stores: Stores;
  inTransaction<T>(work: (stores: Stores) => Promise<T>): Promise<T>;
}
