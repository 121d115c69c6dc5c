import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from '@guildhall/db';
import { waitFor, testKey } from '@guildhall/testkit';
import { startService, type AskOptions, type ServiceUnderTest } from '@guildhall/testkit/service';
import { decodeJwt } from 'jose';
import { createBcryptPool, type BcryptPool } from '../../src/clients/bcrypt-pool.ts';
import { createSecretHashes } from '../../src/clients/vault.ts';
import { readConfig, type AuthConfig } from '../../src/config.ts';
import { start } from '../../src/wire.ts';
import { createAccountMaker } from './accounts.ts';
import { startMailbox, type Mailbox } from './mailbox.ts';

export { clientAddress, problem, type AskOptions as Asking } from '@guildhall/testkit/service';

export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

export interface SignedIn {
  readonly userId: string;
  readonly sessionId: string;
  readonly email: string;
  readonly tokens: TokenPair;
  /** The header by which the gateway says who is calling. */
  readonly asCaller: Readonly<Record<string, string>>;
}

/** A code token of the right form that was never given out. */
export const noCodeToken = `00000000-0000-4000-8000-000000000000.${'A'.repeat(43)}`;

export const password = 'a long and quiet sentence';
export const encryptionKey = Buffer.from(testKey(9)).toString('base64');

/**
 * A logical clock: it runs at a tenth of the speed, each reading at least a millisecond later than the one before, and a test advances it. How long a busy machine
 * takes for a request moves nothing over a limit.
 */
const createClock = () => {
  let ms = Date.now();
  let steadyMs = performance.now();
  const tick = (): Date => {
    const passedMs = performance.now() - steadyMs;
    steadyMs += passedMs;
    return new Date((ms += Math.max(1, passedMs / 10)));
  };
  return { now: tick, advance: (seconds: number) => void (ms += seconds * 1000) };
};

export interface FixtureOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly isConfigured?: boolean;
  readonly passwords?: (pool: BcryptPool) => BcryptPool;
}

let hashing: Promise<BcryptPool> | undefined;
const hashesOfPasswords = new Map<string, Promise<string>>();

/** The hash of a password, made once for each worker. */
const hashOf = (given: string): Promise<string> => {
  const hash = hashesOfPasswords.get(given) ?? sharedPool().then((pool) => pool.hash(given, 'test'));
  hashesOfPasswords.set(given, hash);
  return hash;
};

/** The threads that hash, started once for each worker: a start costs more than all that the tests of a file ask of them. */
const sharedPool = async (): Promise<BcryptPool> => ({
  ...(await (hashing ??= createBcryptPool({ cost: 4 }))),
  close: async () => undefined,
});

/** The service alone, on a database and an SMTP server of its own. */
export const startFixture = async ({ env = {}, isConfigured = true, passwords = (pool) => pool }: FixtureOptions = {}) => {
  const mailbox = await startMailbox();
  const folder = await mkdtemp(path.join(tmpdir(), 'guildhall-auth-'));
  const clock = createClock();
  const setupTokenFile = path.join(folder, 'setup-token');
  const pool = passwords(await sharedPool());
  const service = await startService({
    service: 'auth',
    readConfig,
    start: (config, log) => start(config, log, { now: clock.now, passwords: pool }),
    isConfigured,
    now: clock.now,
    env: () => ({
      ENCRYPTION_KEY: encryptionKey,
      PUBLIC_URL: 'http://guildhall.test',
      SMTP_URL: mailbox.url,
      BCRYPT_COST: '4',
      SETUP_TOKEN_FILE: setupTokenFile,
      ...env,
    }),
  });
  const close = async (): Promise<void> => {
    await service.close();
    await mailbox.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...service, clock, mailbox, pool, folder, setupTokenFile, ...actionsOn(service, mailbox, clock.now), close };
};

export type Fixture = Awaited<ReturnType<typeof startFixture>>;

export const newEmail = (): string => `user-${randomUUID().slice(0, 8)}@example.org`;

const actionsOn = ({ ask, asPrincipal, tables, config }: ServiceUnderTest<AuthConfig>, mailbox: Mailbox, now: () => Date) => {
  const makeAccount = createAccountMaker({ tables, hashes: createSecretHashes(config.encryptionKey), now });
  const post = <T = unknown>(route: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    ask<T>('POST', route, { body, headers });

  const asCaller = (userId: string, sessionId: string, permissions: readonly string[] = []) =>
    asPrincipal({ userId, sessionId, permissions: [...permissions] });

  const codeFor = async (email: string, count = 1): Promise<string> => {
    const { text } = await mailbox.nthTo(email, count);
    return /Your code is (\d{8})/.exec(text)?.[1] ?? '';
  };
  const codeTokens = new Map<string, readonly string[]>();
  const noteCodeToken = (email: string, codeToken: string): void => {
    const key = email.toLowerCase();
    codeTokens.set(key, [...(codeTokens.get(key) ?? []), codeToken]);
  };
  /** The code token of the nth registration of an address. */
  const codeTokenOf = (email: string, count = 1): string => codeTokens.get(email.toLowerCase())?.[count - 1] ?? noCodeToken;
  const register = async (email: string, more: object = {}, options: AskOptions = {}) => {
    const body = { email, password, displayName: 'Ada', ...more };
    const answer = await ask<{ codeToken?: string }>('POST', '/v1/auth/register', { ...options, body });
    const { codeToken } = answer.body;
    if (codeToken !== undefined) noteCodeToken(email, codeToken);
    return answer;
  };
  const resend = (email: string, codeToken = codeTokenOf(email)) =>
    post('/v1/auth/codes', { email, purpose: 'verify_email', codeToken });
  const spendCode = (email: string, code: string, codeToken = codeTokenOf(email)) =>
    post('/v1/auth/codes/verify', { email, purpose: 'verify_email', code, codeToken });
  const verify = async (email: string) => spendCode(email, await codeFor(email));
  const logIn = (email: string, more: object = {}) => post<TokenPair>('/v1/auth/login', { email, password, ...more });

  const asSignedIn = async (email: string): Promise<SignedIn> => {
    const { body: tokens } = await logIn(email);
    const { sub = '', sid, permissions } = decodeJwt<{ sid: string; permissions: string[] }>(tokens.accessToken);
    return { userId: sub, sessionId: sid, email, tokens, asCaller: await asCaller(sub, sid, permissions) };
  };
  /** A verified account with one session, which was sent no mail. */
  const signUp = async ({ displayName = 'Ada' }: { readonly displayName?: string } = {}): Promise<SignedIn> => {
    const email = newEmail();
    noteCodeToken(email, await makeAccount({ email, displayName, passwordHash: await hashOf(password) }));
    return asSignedIn(email);
  };
  /** A verified account with one session, by the routes and the mail of a registration. */
  const signUpByMail = async (): Promise<SignedIn> => {
    const email = newEmail();
    await register(email);
    await verify(email);
    return asSignedIn(email);
  };
  /** Gives a role as only the installation itself can. */
  const grant = async (userId: string, role: string): Promise<void> => {
    await tables.connection.query(sql.unsafe`INSERT INTO auth.user_roles (user_id, role) VALUES (${userId}, ${role})`);
  };
  /** Takes the role from every owner: those that a test makes next are the only ones. */
  const removeOwners = async (): Promise<void> => {
    await tables.connection.query(sql.unsafe`DELETE FROM auth.user_roles WHERE role = 'owner'`);
  };
  /** A verified account with this role, signed in since it has it. */
  const signUpWithRole = async (role: string): Promise<SignedIn> => {
    const { userId, email } = await signUp();
    await grant(userId, role);
    return asSignedIn(email);
  };
  return {
    post,
    asCaller,
    codeFor,
    codeTokenOf,
    newEmail,
    register,
    resend,
    spendCode,
    verify,
    logIn,
    asSignedIn,
    signUp,
    signUpByMail,
    signUpWithRole,
    grant,
    removeOwners,
  };
};

export const readSetupToken = (file: string): Promise<string> =>
  waitFor(async () => (await readFile(file, 'utf8')).trim(), { what: 'the setup token file' });

const jobStatements = [
  /schema_migrations|transaction_read_only/,
  /WHERE held\.role = 'owner' AND account\.is_email_verified\s+\) AS is_so|INSERT INTO auth\.setup_tokens/,
  /FROM auth\.outgoing_mails|UPDATE auth\.outgoing_mails|DELETE FROM auth/,
];

/** Leaves out the statements of jobs, which run meanwhile. */
export const withoutJobs = (statements: readonly string[]): readonly string[] =>
  statements.filter((text) => !jobStatements.some((job) => job.test(text)));
