import type { SharedDatabase } from '@guildhall/db';
import { anonymousActor, createContext, userActor, type AuditDraft } from '@guildhall/resources';
import { clientAddress } from '@guildhall/testkit/service';
import { random } from '../../src/clients/random.ts';
import { codeLifetimeSeconds } from '../../src/core/limits.ts';
import { userChanged } from '../../src/core/messages.ts';
import { secondsAfter, type SecretHashes } from '../../src/core/random.ts';
import { secretTokenOf } from '../../src/core/secret-token.ts';
import type { Visitor } from '../../src/core/visitor.ts';
import { createDatabase } from '../../src/store/stores.ts';

export interface AccountParts {
  readonly tables: SharedDatabase;
  readonly hashes: SecretHashes;
  readonly now: () => Date;
}

export interface NewAccount {
  readonly email: string;
  readonly displayName: string;
  readonly passwordHash: string;
}

const origin = { ip: clientAddress, userAgent: 'node' };
const visitor: Visitor = { actor: anonymousActor(origin), ...origin };

const contextAt = (at: Date) =>
  createContext(
    { now: () => at, newId: random.newId, sha256: () => '', recordDenial: async () => undefined, service: 'auth' },
    { caller: visitor, requestId: 'request-1' },
  );

/**
 * Makes verified accounts by the stores of the service, with the events of a registration, in one transaction: a test that is about something
 * else waits for no mail. Returns the code token of the registration, whose code was used.
 */
export const createAccountMaker = ({ tables, hashes, now }: AccountParts) => {
  const database = createDatabase(tables);
  return async ({ email, displayName, passwordHash }: NewAccount): Promise<string> => {
    const [registeredAt, verifiedAt] = [now(), now()];
    const [id, secret] = [random.newId(), random.newSecret()];
    const code = {
      id,
      email,
      purpose: 'verify_email',
      secretHash: hashes.hashSecret(secret),
      codeHash: hashes.hashCode(email, 'verify_email', random.newCode()),
      expiresAt: secondsAfter(registeredAt, codeLifetimeSeconds),
    } as const;
    const draftOf = (action: string): AuditDraft => ({
      actor: userActor(id, undefined, origin),
      action,
      resource: { type: 'user', id, name: displayName },
    });
    const isVerified = [{ path: '/isEmailVerified', before: false, after: true }];
    const [registering, verifying] = [contextAt(registeredAt), contextAt(verifiedAt)];
    await database.inTransaction(async ({ registrations, outbox }) => {
      await registrations.add({ code, displayName, passwordHash, requiredInviteId: null }, registeredAt);
      const account = await registrations.verify({ ...code, attemptsMax: 1 }, verifiedAt);
      if (account === null) throw new Error(`No account was made for ${email}.`);
      await registrations.remove(id);
      await outbox.append([
        registering.audit('success', draftOf('user.register')),
        verifying.audit('success', { ...draftOf('user.verify-email'), changes: isVerified }),
        userChanged(verifying, account),
      ]);
    });
    return secretTokenOf(id, secret);
  };
};
