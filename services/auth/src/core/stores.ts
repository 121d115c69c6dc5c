import type { Codes } from './codes.ts';
import type { LoginFailures } from './login-delay.ts';
import type { MailQueue } from './mails.ts';
import type { Outbox } from './messages.ts';
import type { Roles } from './roles.ts';
import type { Sessions } from './sessions.ts';
import type { SetupTokens } from './setup-tokens.ts';
import type { Users } from './users.ts';

/** Every store, built on one connection. */
export interface Stores {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly codes: Codes;
  readonly loginFailures: LoginFailures;
  readonly mails: MailQueue;
  readonly roles: Roles;
  readonly setupTokens: SetupTokens;
  readonly outbox: Outbox;
}

/**
 * The shared database. Both ways throw NOT_CONFIGURED or SHARED_DB_UNAVAILABLE when it cannot be used.
 * `work` may run more than once: it has no effect but through the stores it is given. What it throws takes all of it back.
 */
export interface Database {
  /** Stores on which every statement stands alone. */
  readonly stores: Stores;
  inTransaction<T>(work: (stores: Stores) => Promise<T>): Promise<T>;
}
