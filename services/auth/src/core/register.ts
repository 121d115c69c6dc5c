import { secondsAfter, type Chance, type Digests, type Now } from './chance.ts';
import { normaliseEmail } from './email.ts';
import { codeLifetimeSeconds, noticeLifetimeSeconds } from './limits.ts';
import { alreadyRegisteredMail, verificationMail, type SealMail } from './mails.ts';
import { audited, type Deed, type Occurrence } from './messages.ts';
import { stranger, userActor, type Origin } from './origin.ts';
import { requireGoodPassword } from './password-rules.ts';
import type { HashPassword } from './passwords.ts';
import { setupTokenRefused } from './setup-tokens.ts';
import type { Database, Stores } from './stores.ts';

export interface RegisterParts {
  readonly database: Database;
  readonly hashPassword: HashPassword;
  readonly commonPasswords: ReadonlySet<string>;
  readonly chance: Chance;
  readonly digests: Digests;
  readonly sealMail: SealMail;
  readonly now: Now;
  readonly mailsAreWaiting: () => void;
  /** Told after the commit that made the first owner: every setup token has ended. */
  readonly ownerIsThere: () => void;
}

export interface RegisterRequest {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
  readonly setupToken?: string | undefined;
}

type Prepared = Awaited<ReturnType<typeof prepare>>;

/**
 * Opens an account. A free and a taken address cost the same: one hash, the same number of statements, one mail.
 * Throws UNPROCESSABLE for a weak password, FORBIDDEN for a setup token that is not good, and then nothing is created.
 */
export const createRegister = (parts: RegisterParts) =>
  async function register(request: RegisterRequest, origin: Origin): Promise<void> {
    const email = normaliseEmail(request.email);
    requireGoodPassword(request.password, email, parts.commonPasswords);
    const prepared = await prepare(parts, { ...request, email });
    const isOwner = await parts.database.inTransaction((stores) => write(stores, prepared, origin));
    parts.mailsAreWaiting();
    if (isOwner) parts.ownerIsThere();
  };

/** Everything that costs time or chance, before the transaction: its handler may run twice. */
const prepare = async ({ hashPassword, chance, digests, sealMail, now }: RegisterParts, request: RegisterRequest) => {
  const { email, password, displayName, setupToken } = request;
  const passwordHash = await hashPassword(password);
  const at = now();
  const code = chance.newCode();
  const mailId = chance.newId();
  return {
    at,
    email,
    registration: {
      userId: chance.newId(),
      email,
      displayName: displayName.trim(),
      passwordHash,
      codeId: chance.newId(),
      codeHash: digests.ofCode(email, 'verify_email', code),
      codeExpiresAt: secondsAfter(at, codeLifetimeSeconds),
      now: at,
    },
    setupTokenHash: setupToken === undefined ? null : digests.ofSecret(setupToken),
    mailId,
    sealedVerification: sealMail(mailId, verificationMail(email, code, at)),
    sealedNotice: sealMail(mailId, alreadyRegisteredMail(email)),
    eventIds: [chance.newId(), chance.newId()] as const,
  };
};

/** Answers whether this made the first owner. */
const write = async (stores: Stores, prepared: Prepared, origin: Origin): Promise<boolean> => {
  const { at, registration, mailId, sealedNotice, sealedVerification, eventIds } = prepared;
  const userId = await stores.users.register(registration);
  const isOwner = await spendSetupToken(stores, prepared, userId);
  const [registerId, ownerId] = eventIds;
  const deeds: readonly (readonly [string, Deed])[] = [
    [registerId, registered(userId, registration.displayName, origin)],
    ...(isOwner && userId !== null ? [[ownerId, becameOwner(userId, origin)] as const] : []),
  ];
  await stores.outbox.append(deeds.map(([id, deed]) => audited({ id, at } satisfies Occurrence, deed)));
  await stores.mails.add(
    userId === null
      ? { id: mailId, sealedMail: sealedNotice, expiresAt: secondsAfter(at, noticeLifetimeSeconds) }
      : { id: mailId, sealedMail: sealedVerification, expiresAt: registration.codeExpiresAt },
    at,
  );
  return isOwner;
};

/** A taken address does not spend the token, but must not tell a wrong one from a right one either. */
const spendSetupToken = async (
  { setupTokens }: Stores,
  { setupTokenHash, at }: Prepared,
  userId: string | null,
): Promise<boolean> => {
  if (setupTokenHash === null) return false;
  const isGood =
    userId === null ? await setupTokens.isLive(setupTokenHash, at) : await setupTokens.claim(setupTokenHash, userId, at);
  if (!isGood) throw setupTokenRefused();
  return userId !== null;
};

const registered = (userId: string | null, displayName: string, origin: Origin): Deed => ({
  actor: userId === null ? stranger(origin) : userActor(userId, undefined, origin),
  action: 'user.register',
  resource: userId === null ? { type: 'user', id: 'unknown' } : { type: 'user', id: userId, name: displayName },
  result: userId === null ? 'denied' : 'success',
  requestId: origin.requestId,
});

const becameOwner = (userId: string, origin: Origin): Deed => ({
  actor: userActor(userId, undefined, origin),
  action: 'role.assign',
  resource: { type: 'user', id: userId },
  changes: [{ path: '/roles/owner', before: false, after: true }],
  requestId: origin.requestId,
});
