import { createOutboxStore, type Connection, type SharedDatabase } from '@guildhall/db';
import type { Database, Stores } from '../core/stores.ts';
import { createChallengeStore } from './challenges.ts';
import { createCodeStore } from './codes.ts';
import { createConnectionStore } from './connections.ts';
import { createInbox } from './inbox.ts';
import { createLoginFailureStore } from './login-failures.ts';
import { createMailStore } from './mails.ts';
import { createOwnerStore } from './owner.ts';
import { createPasskeyStore } from './passkeys.ts';
import { createPersonalTokenStore } from './personal-tokens.ts';
import { createRegistrationStore } from './registrations.ts';
import { createRoleImpactStore } from './role-impacts.ts';
import { createRoleStore } from './roles.ts';
import { createSecondFactorStore } from './second-factors.ts';
import { createServiceAccountStore } from './service-accounts.ts';
import { createSessionStore } from './sessions.ts';
import { createSetupTokenStore } from './setup-tokens.ts';
import { createSigningKeyStore } from './signing-keys.ts';
import { createSignInCodeStore } from './sign-in-codes.ts';
import { createUserDirectory } from './user-directory.ts';
import { createUserStore } from './users.ts';

/** The schema that this service owns. */
export const schema = 'auth';

const storesOn = (connection: Connection): Stores => ({
  users: createUserStore(connection),
  directory: createUserDirectory(connection),
  sessions: createSessionStore(connection),
  codes: createCodeStore(connection),
  signInCodes: createSignInCodeStore(connection),
  registrations: createRegistrationStore(connection),
  loginFailures: createLoginFailureStore(connection),
  mails: createMailStore(connection),
  secondFactors: createSecondFactorStore(connection),
  challenges: createChallengeStore(connection),
  connections: createConnectionStore(connection),
  inbox: createInbox(connection),
  passkeys: createPasskeyStore(connection),
  personalTokens: createPersonalTokenStore(connection),
  roles: createRoleStore(connection),
  roleImpacts: createRoleImpactStore(connection),
  serviceAccounts: createServiceAccountStore(connection),
  setupTokens: createSetupTokenStore(connection),
  owner: createOwnerStore(connection),
  signingKeys: createSigningKeyStore(connection),
  outbox: createOutboxStore(connection, schema),
});

/** Every store on the pool, and on each transaction. */
export const createDatabase = ({ connection, inTransaction }: SharedDatabase): Database => ({
  stores: storesOn(connection),
  inTransaction: (work) => inTransaction((tx) => work(storesOn(tx))),
});
