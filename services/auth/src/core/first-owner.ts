import { AppError, isAppError } from '@guildhall/errors';
import type { Actor } from '@guildhall/contracts';
import { secondsAfter, type Chance, type Digests, type Now } from './chance.ts';
import { normaliseEmail } from './email.ts';
import { codeLifetimeSeconds, setupTokenLifetimeSeconds } from './limits.ts';
import { audited, userChanged, type Deed } from './messages.ts';
import { requireGoodPassword } from './password-rules.ts';
import type { HashPassword } from './passwords.ts';
import { setupTokenRefused } from './setup-tokens.ts';
import type { Database, Stores } from './stores.ts';

export interface FirstOwnerParts {
  readonly database: Database;
  readonly hashPassword: HashPassword;
  readonly commonPasswords: ReadonlySet<string>;
  readonly chance: Chance;
  readonly digests: Digests;
  readonly now: Now;
}

export interface FirstOwnerRequest {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
}

/** Nobody is signed in where nobody is an owner yet. */
const installer: Actor = { type: 'system', id: 'installation' };

/**
 * Makes a confirmed account that owns the installation, all or nothing; answers false where there is an owner. It goes
 * the way of everybody else, with a setup token and a code that are spent at once: of any number of callers one wins.
 * Throws UNPROCESSABLE for a weak password, CONFLICT when the address has an account already.
 */
export const createMakeFirstOwner =
  (parts: FirstOwnerParts) =>
  async (request: FirstOwnerRequest, requestId: string): Promise<boolean> => {
    const email = normaliseEmail(request.email);
    requireGoodPassword(request.password, email, parts.commonPasswords);
    if (await parts.database.stores.setupTokens.hasOwner()) return false;
    const prepared = await prepare(parts, { ...request, email });
    try {
      return await parts.database.inTransaction((stores) => write(stores, prepared, requestId));
    } catch (error) {
      // Somebody else's token was claimed at the same moment: that one is the owner.
      if (isAppError(error) && error.code === 'FORBIDDEN' && (await parts.database.stores.setupTokens.hasOwner())) return false;
      throw error;
    }
  };

const prepare = async ({ hashPassword, chance, digests, now }: FirstOwnerParts, request: FirstOwnerRequest) => {
  const { email, password, displayName } = request;
  const passwordHash = await hashPassword(password);
  const at = now();
  return {
    at,
    token: {
      id: chance.newId(),
      tokenHash: digests.ofSecret(chance.newSecret()),
      expiresAt: secondsAfter(at, setupTokenLifetimeSeconds),
    },
    registration: {
      userId: chance.newId(),
      email,
      displayName: displayName.trim(),
      passwordHash,
      codeId: chance.newId(),
      codeHash: digests.ofCode(email, 'verify_email', chance.newCode()),
      codeExpiresAt: secondsAfter(at, codeLifetimeSeconds),
      now: at,
    },
    eventIds: [chance.newId(), chance.newId(), chance.newId()] as const,
  };
};

type Prepared = Awaited<ReturnType<typeof prepare>>;

const write = async (stores: Stores, prepared: Prepared, requestId: string): Promise<boolean> => {
  const { at, token, registration, eventIds } = prepared;
  if (!(await stores.setupTokens.add(token, at))) return false;
  const userId = await stores.users.register(registration);
  if (userId === null)
    throw new AppError('CONFLICT', 'This address has an account already. Name another one as the first owner.');
  if (!(await stores.setupTokens.claim(token.tokenHash, userId, at))) throw setupTokenRefused();
  const attempt = { email: registration.email, codeHash: registration.codeHash, attemptsMax: 1 };
  const user = await stores.codes.verifyEmail(attempt, at);
  if (user === null) throw new Error('An account that was made just now could not be confirmed.');
  const [registerId, ownerId, changeId] = eventIds;
  await stores.outbox.append([
    audited({ id: registerId, at }, deedOn(user, 'user.register', requestId)),
    audited(
      { id: ownerId, at },
      { ...deedOn(user, 'role.assign', requestId), changes: [{ path: '/roles/owner', before: false, after: true }] },
    ),
    userChanged({ id: changeId, at }, user),
  ]);
  return true;
};

const deedOn = (user: { readonly id: string; readonly displayName: string }, action: string, requestId: string): Deed => ({
  actor: installer,
  action,
  resource: { type: 'user', id: user.id, name: user.displayName },
  requestId,
});
