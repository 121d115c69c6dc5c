import { AppError } from '@guildhall/errors';
import { userActor, networkOf, type AuditDraft } from '@guildhall/resources';
import { normaliseEmail } from './email.ts';
import { codeLifetimeSeconds, noticeLifetimeSeconds } from './limits.ts';
import { addressMailSubject, requireMailOfAsker, spendMailOfAddress } from './mail-pause.ts';
import { alreadyRegisteredMail, notInvitedMail, verificationMail, type SealMail } from './mails.ts';
import { requireGoodPassword } from './password-rules.ts';
import type { HashPassword } from './passwords.ts';
import { secondsAfter, type Now, type Random, type SecretHashes } from './random.ts';
import { invitedAddressId, type RegistrationOutcome } from './registration-store.ts';
import { secretTokenOf } from './secret-token.ts';
import { setupTokenRefused } from './setup-tokens.ts';
import type { Database, Stores } from './stores.ts';
import type { VisitorContext } from './visitor.ts';

/** The modes of registration, by who may register. The first owner always may, with a setup token. */
export const registrationModes = ['open', 'invited', 'closed'] as const;
export type RegistrationMode = (typeof registrationModes)[number];

export interface RegisterParts {
  readonly database: Database;
  readonly hashPassword: HashPassword;
  readonly commonPasswords: ReadonlySet<string>;
  readonly random: Random;
  readonly hashes: SecretHashes;
  readonly sealMail: SealMail;
  readonly now: Now;
  readonly registration: RegistrationMode;
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
 * Registers an address. Each registration has a password, a code and a secret of its own until one of them is verified, so that a code
 * confirms nothing but what the client wrote that has the secret. A free and a taken address cost the same: one hash, the same number of
 * statements, one mail. Returns the code token. Throws FORBIDDEN where registration is closed, WEAK_PASSWORD, RATE_LIMITED, or
 * SETUP_TOKEN_INVALID for an invalid setup token; nothing is stored then.
 */
export const createRegister = (parts: RegisterParts) =>
  async function register(context: VisitorContext, request: RegisterRequest): Promise<string> {
    const email = normaliseEmail(request.email);
    if (parts.registration === 'closed' && request.setupToken === undefined) throw registrationClosed();
    requireGoodPassword(request.password, email, parts.commonPasswords);
    const { ip } = context.caller;
    await requireMailOfAsker(parts, { email, ip }, parts.now());
    const prepared = await prepare(parts, { ...request, email }, networkOf(ip));
    await parts.database.inTransaction((stores) => write(stores, context, prepared));
    parts.onMailQueued();
    return prepared.codeToken;
  };

export const registrationClosed = (): AppError =>
  new AppError('FORBIDDEN', 'Registration is closed here. Ask whoever runs this installation for an account.');

/** Everything slow or random, before the transaction: its handler may run twice. */
const prepare = async (parts: RegisterParts, request: RegisterRequest, network: string) => {
  const { hashPassword, random, hashes, sealMail, now } = parts;
  const { email, password, displayName, setupToken } = request;
  const passwordHash = await hashPassword(password, network);
  const at = now();
  const code = random.newCode();
  const secret = random.newSecret();
  const mailId = random.newId();
  const codeId = random.newId();
  const needsInvite = parts.registration === 'invited' && setupToken === undefined;
  return {
    at,
    codeToken: secretTokenOf(codeId, secret),
    registration: {
      code: {
        id: codeId,
        email,
        purpose: 'verify_email',
        secretHash: hashes.hashSecret(secret),
        codeHash: hashes.hashCode(email, 'verify_email', code),
        expiresAt: secondsAfter(at, codeLifetimeSeconds),
      },
      displayName: displayName.trim(),
      passwordHash,
      requiredInviteId: needsInvite ? invitedAddressId(hashes, email) : null,
    },
    setupTokenHash: setupToken === undefined ? null : hashes.hashSecret(setupToken),
    mailSubject: addressMailSubject(hashes, email),
    mailId,
    sealedMails: {
      pending: sealMail(mailId, verificationMail(email, code, at)),
      taken: sealMail(mailId, alreadyRegisteredMail(email)),
      uninvited: sealMail(mailId, notInvitedMail(email)),
    },
  } as const;
};

const write = async (stores: Stores, context: VisitorContext, prepared: Prepared): Promise<void> => {
  const { at, registration, mailSubject, mailId, sealedMails } = prepared;
  const isMailed = await spendMailOfAddress(stores, mailSubject, at);
  // A code that nobody was sent could only be guessed.
  const code = isMailed ? registration.code : { ...registration.code, expiresAt: at };
  const outcome = await stores.registrations.add({ ...registration, code }, at);
  await useSetupToken(stores, prepared, outcome);
  await stores.outbox.append([auditOf(context, prepared, outcome)]);
  if (!isMailed) return;
  const expiresAt = outcome === 'pending' ? code.expiresAt : secondsAfter(at, noticeLifetimeSeconds);
  await stores.mails.add({ id: mailId, sealedMail: sealedMails[outcome], expiresAt }, at);
};

/**
 * Makes the account that this registration may become the owner's. A taken address changes nothing about the token, and does not show
 * whether it is valid either.
 */
const useSetupToken = async (
  { setupTokens }: Stores,
  { setupTokenHash, registration, at }: Prepared,
  outcome: RegistrationOutcome,
): Promise<void> => {
  if (setupTokenHash === null) return;
  const isGood =
    outcome === 'pending'
      ? await setupTokens.nominate(setupTokenHash, registration.code.id, at)
      : await setupTokens.isLive(setupTokenHash, at);
  if (!isGood) throw setupTokenRefused();
};

/** The registration in the audit trail. A taken address is not blamed on the account that has it. */
const auditOf = (context: VisitorContext, { registration }: Prepared, outcome: RegistrationOutcome) => {
  const userId = registration.code.id;
  const isPending = outcome === 'pending';
  const draft: AuditDraft = {
    actor: isPending ? userActor(userId, undefined, context.caller) : context.caller.actor,
    action: 'user.register',
    resource: isPending ? { type: 'user', id: userId, name: registration.displayName } : { type: 'user', id: 'unknown' },
  };
  return context.audit(isPending ? 'success' : 'denied', draft);
};
