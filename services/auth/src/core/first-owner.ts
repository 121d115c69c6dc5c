import { AppError, isAppError } from '@guildhall/errors';
import type { Actor } from '@guildhall/contracts';
import type { AuditDraft, RequestContext } from '@guildhall/resources';
import { normaliseEmail } from './email.ts';
import { codeLifetimeSeconds, setupTokenLifetimeSeconds } from './limits.ts';
import { userChanged } from './messages.ts';
import { requireGoodPassword } from './password-rules.ts';
import type { HashPassword } from './passwords.ts';
import { secondsAfter, type Now, type Random, type SecretHashes } from './random.ts';
import { setupTokenRefused } from './setup-tokens.ts';
import type { Database, Stores } from './stores.ts';

export interface FirstOwnerParts {
  readonly database: Database;
  readonly hashPassword: HashPassword;
  readonly commonPasswords: ReadonlySet<string>;
  readonly random: Random;
  readonly hashes: SecretHashes;
  readonly now: Now;
}

export interface FirstOwnerRequest {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
}

/** The actor of an installation: nobody can be signed in before there is an owner. */
export const installerActor: Actor = { type: 'system', id: 'installation' };

/**
 * Creates a verified account that owns the installation, all or nothing; returns false when there is an owner. Like every
 * other first owner it spends a setup token and a code, so that of any number of callers one wins. Throws WEAK_PASSWORD for a
 * weak password, CONFLICT when the address has an account already.
 */
export const createMakeFirstOwner =
  (parts: FirstOwnerParts) =>
  async (context: RequestContext<{ readonly actor: Actor }>, request: FirstOwnerRequest): Promise<boolean> => {
    const email = normaliseEmail(request.email);
    requireGoodPassword(request.password, email, parts.commonPasswords);
    if (await parts.database.stores.setupTokens.hasOwner()) return false;
    const prepared = await prepare(parts, { ...request, email });
    try {
      return await parts.database.inTransaction((stores) => write(stores, context, prepared));
    } catch (error) {
      // Another caller's token was claimed at the same time: that caller is the owner.
      if (isAppError(error) && error.code === 'SETUP_TOKEN_INVALID' && (await parts.database.stores.setupTokens.hasOwner()))
        return false;
      throw error;
    }
  };

export type MakeFirstOwner = ReturnType<typeof createMakeFirstOwner>;

const prepare = async ({ hashPassword, random, hashes, now }: FirstOwnerParts, request: FirstOwnerRequest) => {
  const { email, password, displayName } = request;
  const passwordHash = await hashPassword(password, installerActor.id);
  const at = now();
  return {
    at,
    token: {
      id: random.newId(),
      tokenHash: hashes.hashSecret(random.newSecret()),
      expiresAt: secondsAfter(at, setupTokenLifetimeSeconds),
    },
    registration: {
      code: {
        id: random.newId(),
        email,
        purpose: 'verify_email',
        secretHash: hashes.hashSecret(random.newSecret()),
        codeHash: hashes.hashCode(email, 'verify_email', random.newCode()),
        expiresAt: secondsAfter(at, codeLifetimeSeconds),
      },
      displayName: displayName.trim(),
      passwordHash,
      requiredInviteId: null,
    },
  } as const;
};

type Prepared = Awaited<ReturnType<typeof prepare>>;

const write = async (
  stores: Stores,
  context: RequestContext<{ readonly actor: Actor }>,
  { at, token, registration }: Prepared,
): Promise<boolean> => {
  if (!(await stores.setupTokens.add(token, at))) return false;
  if ((await stores.registrations.add(registration, at)) !== 'pending')
    throw new AppError('CONFLICT', 'This address has an account already. Name another one as the first owner.');
  const candidateId = registration.code.id;
  if (!(await stores.setupTokens.nominate(token.tokenHash, candidateId, at))) throw setupTokenRefused();
  const user = await stores.registrations.verify({ ...registration.code, attemptsMax: 1 }, at);
  if (user === null) throw new Error('An account that was made just now could not be confirmed.');
  await stores.registrations.remove(candidateId);
  if (!(await stores.setupTokens.claim({ candidateId, userId: user.id }, at))) throw setupTokenRefused();
  const becameOwner = { ...draftOf(user, 'role.assign'), changes: [{ path: '/roles/owner', before: false, after: true }] };
  await stores.outbox.append([
    context.audit('success', draftOf(user, 'user.register')),
    context.audit('success', becameOwner),
    userChanged(context, user),
  ]);
  return true;
};

const draftOf = (user: { readonly id: string; readonly displayName: string }, action: string): AuditDraft => ({
  action,
  resource: { type: 'user', id: user.id, name: user.displayName },
});
