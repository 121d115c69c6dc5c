import { AppError } from '@guildhall/errors';
import { networkOf } from '@guildhall/resources';
import { prepareChallenge, secondStepOf, type NeededStep, type PreparedChallenge, type SignInAnswer } from './challenges.ts';
import { subjectsOf } from './check-password.ts';
import { codeCreated, wrongCode } from './codes.ts';
import { normaliseEmail } from './email.ts';
import { codeAttemptsMax, codeLifetimeSeconds } from './limits.ts';
import { addressMailSubject, requireMailOfAsker, spendMailOfAddress } from './mail-pause.ts';
import { signInCodeMail, signInLinkMail, type Mail, type SealMail } from './mails.ts';
import {
  deniedSignIn,
  issueTokens,
  openPrepared,
  prepareSession,
  type OpenSessionParts,
  type PreparedSession,
} from './open-session.ts';
import { secondsAfter, type MailedSignIn } from './random.ts';
import { parseSecretToken, secretTokenOf } from './secret-token.ts';
import type { AskedSignIn, SignInAttempt } from './sign-in-code-store.ts';
import type { Stores } from './stores.ts';
import { rowOf, type InTurn } from './turns.ts';
import type { TokenSubject } from './user-store.ts';
import { deviceLabelOf, type VisitorContext } from './visitor.ts';

export interface CodeSignInParts extends OpenSessionParts {
  readonly sealMail: SealMail;
  /** The global roles whose holders must have a second factor. */
  readonly requiredRoles: readonly string[];
  /** The address of the console, which links in mails lead to. */
  readonly publicUrl: string;
  /** One try of a code at a time: the others wait outside of the database. */
  readonly inTurn: InTurn;
  /** Called after the commit that queued a mail. */
  readonly onMailQueued: () => void;
}

export interface SignInCodeRequest {
  readonly email: string;
  readonly purpose: MailedSignIn;
}

/**
 * Mails a code or a link that signs in, and returns the code token that it is good with (proof of possession, device binding). Does the same for every address, in as many
 * statements, so that nobody learns which ones have an account. Throws RATE_LIMITED.
 */
export const createSendSignInCode = (parts: CodeSignInParts) =>
  async function sendSignInCode(context: VisitorContext, request: SignInCodeRequest): Promise<string> {
    const { database, random, hashes, sealMail, now, onMailQueued } = parts;
    const { ip, userAgent } = context.caller;
    const { purpose } = request;
    const email = normaliseEmail(request.email);
    const at = now();
    await requireMailOfAsker(parts, { email, ip }, at);
    const [id, secret, mailId] = [random.newId(), random.newSecret(), random.newId()];
    const code = purpose === 'otp' ? random.newCode() : random.newSecret();
    const expiresAt = secondsAfter(at, codeLifetimeSeconds);
    const issued = {
      id,
      email,
      purpose,
      secretHash: hashes.hashSecret(secret),
      codeHash: codeHashOf(parts, email, purpose, code),
      expiresAt,
      asker: { ipAddress: ip, deviceLabel: deviceLabelOf(undefined, userAgent) },
    };
    const mail = mailOf(parts, { id, email, purpose, code, ip, at });
    const queued = { id: mailId, sealedMail: sealMail(mailId, mail), expiresAt };
    const subject = addressMailSubject(hashes, email);
    await database.inTransaction(async (stores) => {
      if (!(await spendMailOfAddress(stores, subject, at))) return;
      const userId = await stores.signInCodes.issue(issued, queued, at);
      await stores.outbox.append([context.audit('success', codeCreated(userId, purpose))]);
    });
    onMailQueued();
    return secretTokenOf(id, secret);
  };

/** The secret of a link has 256 bits and is looked for without the address; digits are hashed with a key. */
const codeHashOf = ({ hashes }: Pick<CodeSignInParts, 'hashes'>, email: string, purpose: MailedSignIn, code: string): string =>
  purpose === 'otp' ? hashes.hashCode(email, purpose, code) : hashes.hashSecret(code);

interface AskedMail {
  readonly id: string;
  readonly email: string;
  readonly purpose: MailedSignIn;
  readonly code: string;
  readonly ip: string;
  readonly at: Date;
}

const mailOf = ({ publicUrl }: CodeSignInParts, { id, email, purpose, code, ip, at }: AskedMail): Mail =>
  purpose === 'otp'
    ? signInCodeMail(email, { code, ip, at })
    : signInLinkMail(email, { publicUrl, linkToken: secretTokenOf(id, code), ip, at });

const wrongLink = (): AppError =>
  new AppError('WRONG_CODE', 'The link is wrong, was used, or has expired. Ask for a fresh one.', {
    errors: [{ path: '/linkToken', message: 'is invalid' }],
  });

/**
 * Looks at a link in a browser that has not asked for it: says who asked, from where, and returns a code token that confirms it there. The
 * link stays good. Throws WRONG_CODE, whatever the reason.
 */
export const createLookAtLink = ({ database, hashes, now }: CodeSignInParts) =>
  async function lookAtLink(linkToken: string): Promise<AskedSignIn & { readonly codeToken: string }> {
    const link = parseSecretToken(linkToken);
    if (link === null) throw wrongLink();
    const asked = await database.stores.signInCodes.find(link.id, hashes.hashSecret(link.secret), now());
    if (asked === null) throw wrongLink();
    return { ...asked, codeToken: secretTokenOf(link.id, hashes.confirmationSecret(link.id, link.secret)) };
  };

export interface CodeSignIn extends SignInCodeRequest {
  readonly codeToken: string;
  readonly code: string;
  readonly deviceLabel?: string | undefined;
}

/**
 * Signs in with a mailed code or link: spends it and opens a session, or issues the challenge of the second step, in one transaction. Wants the code token of the client that asked, or
 * of one that has looked at the link. Throws WRONG_CODE, whatever the reason; a wrong try is audited.
 */
export const createSignInWithCode = (parts: CodeSignInParts) =>
  async function signInWithCode(context: VisitorContext, request: CodeSignIn): Promise<SignInAnswer> {
    const { database, hashes, requiredRoles, inTurn, now } = parts;
    const email = normaliseEmail(request.email);
    const attempt = attemptOf(parts, email, request);
    const { purpose: method, deviceLabel } = request;
    const opening = prepareSession(parts, context, deviceLabel);
    const challenge = prepareChallenge(parts, context, { method, deviceLabel });
    const at = now();
    const tried =
      attempt === null
        ? null
        : await inTurn(rowOf(request.codeToken), () =>
            database.inTransaction((stores) => spend(stores, context, { attempt, opening, challenge, requiredRoles, at })),
          );
    if (tried !== null && tried.step !== null) return challenge.answerOf(tried.step);
    const account = tried?.account ?? null;
    if (account === null) {
      // Folded by the address that was tried, as a failed log-in is.
      const { pairId } = subjectsOf(hashes, email, networkOf(context.caller.ip));
      await context.recordDenial(deniedSignIn(tried?.userId ?? null), pairId);
      throw wrongCode();
    }
    return issueTokens(parts, opening, account);
  };

const attemptOf = (
  parts: CodeSignInParts,
  email: string,
  { purpose, codeToken, code }: Omit<CodeSignIn, 'email'>,
): SignInAttempt | null => {
  const { hashes } = parts;
  const token = parseSecretToken(codeToken);
  if (token === null) return null;
  const { id } = token;
  const secretHash = hashes.hashSecret(token.secret);
  const isConfirmed = purpose === 'magic_link' && secretHash === hashes.hashSecret(hashes.confirmationSecret(id, code));
  const codeHash = codeHashOf(parts, email, purpose, code);
  return { id, email, purpose, secretHash: isConfirmed ? null : secretHash, codeHash, attemptsMax: codeAttemptsMax };
};

interface Spending {
  readonly attempt: SignInAttempt;
  readonly opening: PreparedSession;
  readonly challenge: PreparedChallenge;
  readonly requiredRoles: readonly string[];
  readonly at: Date;
}

interface SpentCode {
  readonly userId: string | null;
  /** The account whose session was opened; null where none was. */
  readonly account: TokenSubject | null;
  /** The second step that the account needs, whose challenge was issued. */
  readonly step: NeededStep | null;
}

/** Spends a code, and opens the session of its account or issues its challenge. Null where nothing fitted the code token. */
const spend = async (
  stores: Stores,
  context: VisitorContext,
  { attempt, opening, challenge, requiredRoles, at }: Spending,
): Promise<SpentCode | null> => {
  const tried = await stores.signInCodes.spend(attempt, at);
  if (tried === null) return null;
  const { userId } = tried;
  if (!tried.isRight || userId === null) return { userId, account: null, step: null };
  const step = secondStepOf(tried, requiredRoles);
  if (step !== null) {
    const isIssued = await stores.challenges.issue(challenge.challengeOf(userId, null, at), at);
    return { userId, account: null, step: isIssued ? step : null };
  }
  const account = await openPrepared(stores, opening.sessionOf(userId, null, at), at);
  if (account !== null) await stores.outbox.append([context.audit('success', opening.eventOf(userId, attempt.purpose))]);
  return { userId, account, step };
};
