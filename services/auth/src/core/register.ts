import { networkOf, userActor, type AuditDraft } from '@guildhall/resources';
import { normaliseEmail } from './email.ts';
import { codeLifetimeSeconds, noticeLifetimeSeconds } from './limits.ts';
import { alreadyRegisteredMail, verificationMail, type SealMail } from './mails.ts';
import { requireGoodPassword } from './password-rules.ts';
import type { HashPassword } from './passwords.ts';
import { secondsAfter, type Now, type Random, type SecretHashes } from './random.ts';
import { setupTokenRefused } from './setup-tokens.ts';
import type { Database, Stores } from './stores.ts';
import type { VisitorContext } from './visitor.ts';

export interface RegisterParts {
  readonly database: Database;
  readonly hashPassword: HashPassword;
  readonly commonPasswords: ReadonlySet<string>;
  readonly random: Random;
  readonly hashes: SecretHashes;
  readonly sealMail: SealMail;
  readonly now: Now;
  /** Called after the commit that queued a mail. */
  readonly onMailQueued: () => void;
}

export interface RegisterRequest {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
  readonly setupToken?: string | undefined;
}

type Prepared = Awaited<ReturnType<typeof prepare>>;

/**
 * Creates an account. A free and a taken address cost the same: one hash, the same number of statements, one mail. Throws
 * WEAK_PASSWORD, or SETUP_TOKEN_INVALID for an invalid setup token; nothing is created then.
 */
export const createRegister = (parts: RegisterParts) =>
  async function register(context: VisitorContext, request: RegisterRequest): Promise<void> {
    const email = normaliseEmail(request.email);
    requireGoodPassword(request.password, email, parts.commonPasswords);
    const prepared = await prepare(parts, { ...request, email }, networkOf(context.caller.ip));
    await parts.database.inTransaction((stores) => write(stores, context, prepared));
    parts.onMailQueued();
  };

/** Everything slow or random, before the transaction: its handler may run twice. */
const prepare = async (parts: RegisterParts, request: RegisterRequest, network: string) => {
  const { hashPassword, random, hashes, sealMail, now } = parts;
  const { email, password, displayName, setupToken } = request;
  const passwordHash = await hashPassword(password, network);
  const at = now();
  const code = random.newCode();
  const mailId = random.newId();
  return {
    at,
    email,
    registration: {
      userId: random.newId(),
      email,
      displayName: displayName.trim(),
      passwordHash,
      codeId: random.newId(),
      codeHash: hashes.hashCode(email, 'verify_email', code),
      codeExpiresAt: secondsAfter(at, codeLifetimeSeconds),
      hasSetupToken: setupToken !== undefined,
      now: at,
    },
    setupTokenHash: setupToken === undefined ? null : hashes.hashSecret(setupToken),
    mailId,
    sealedVerification: sealMail(mailId, verificationMail(email, code, at)),
    sealedNotice: sealMail(mailId, alreadyRegisteredMail(email)),
  };
};

const write = async (stores: Stores, context: VisitorContext, prepared: Prepared): Promise<void> => {
  const { at, registration, mailId, sealedNotice, sealedVerification } = prepared;
  const userId = await stores.users.register(registration);
  await useSetupToken(stores, prepared, userId);
  const { displayName } = registration;
  await stores.outbox.append([
    context.audit(userId === null ? 'denied' : 'success', registrationDraft(context, { userId, displayName })),
  ]);
  await stores.mails.add(
    userId === null
      ? { id: mailId, sealedMail: sealedNotice, expiresAt: secondsAfter(at, noticeLifetimeSeconds) }
      : { id: mailId, sealedMail: sealedVerification, expiresAt: registration.codeExpiresAt },
    at,
  );
};

/**
 * Makes the account the one that becomes the owner once its address is confirmed. A taken address changes nothing about the
 * token, and does not show whether it is valid either.
 */
const useSetupToken = async ({ setupTokens }: Stores, { setupTokenHash, at }: Prepared, userId: string | null): Promise<void> => {
  if (setupTokenHash === null) return;
  const isGood =
    userId === null ? await setupTokens.isLive(setupTokenHash, at) : await setupTokens.nominate(setupTokenHash, userId, at);
  if (!isGood) throw setupTokenRefused();
};

/** The registration in the audit trail. A taken address is not blamed on the account that has it. */
const registrationDraft = (
  { caller }: VisitorContext,
  { userId, displayName }: { readonly userId: string | null; readonly displayName: string },
): AuditDraft => ({
  actor: userId === null ? caller.actor : userActor(userId, undefined, caller),
  action: 'user.register',
  resource: userId === null ? { type: 'user', id: 'unknown' } : { type: 'user', id: userId, name: displayName },
});
