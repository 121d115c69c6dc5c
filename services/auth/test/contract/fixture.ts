import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from '@guildhall/db';
import { waitFor } from '@guildhall/testkit';
import { startService, type ServiceUnderTest } from '@guildhall/testkit/service';
import { decodeJwt } from 'jose';
import { createBcryptPool, type BcryptPool } from '../../src/clients/bcrypt-pool.ts';
import { readConfig } from '../../src/config.ts';
import { start } from '../../src/wire.ts';
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

export const password = 'a long and quiet sentence';
export const encryptionKey = Buffer.alloc(32, 9).toString('base64');

/** Two clocks a test can turn: the service's, and with it everything that expires. */
const createClock = () => {
  let offsetMs = 0;
  return { now: () => new Date(Date.now() + offsetMs), advance: (seconds: number) => void (offsetMs += seconds * 1000) };
};

export interface FixtureOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly isConfigured?: boolean;
  readonly passwords?: (pool: BcryptPool) => BcryptPool;
}

/** The service alone, on a database and an SMTP server of its own. */
export const startFixture = async ({ env = {}, isConfigured = true, passwords = (pool) => pool }: FixtureOptions = {}) => {
  const mailbox = await startMailbox();
  const folder = await mkdtemp(path.join(tmpdir(), 'guildhall-auth-'));
  const clock = createClock();
  const setupTokenFile = path.join(folder, 'setup-token');
  const pool = passwords(await createBcryptPool({ cost: 4 }));
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
  return { ...service, clock, mailbox, pool, folder, setupTokenFile, ...actionsOn(service, mailbox), close };
};

export type Fixture = Awaited<ReturnType<typeof startFixture>>;

export const newEmail = (): string => `user-${randomUUID().slice(0, 8)}@example.org`;

const actionsOn = ({ ask, asPrincipal, tables }: ServiceUnderTest<unknown>, mailbox: Mailbox) => {
  const post = <T = unknown>(route: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    ask<T>('POST', route, { body, headers });

  const asCaller = (userId: string, sessionId: string, permissions: readonly string[] = []) =>
    asPrincipal({ userId, sessionId, permissions: [...permissions] });

  const codeFor = async (email: string, count = 1): Promise<string> => {
    const { text } = await mailbox.nthTo(email, count);
    return /Your code is (\d{8})/.exec(text)?.[1] ?? '';
  };
  const register = (email: string, more: object = {}) =>
    post('/v1/auth/register', { email, password, displayName: 'Ada', ...more });
  const verify = async (email: string) =>
    post('/v1/auth/codes/verify', { email, purpose: 'verify_email', code: await codeFor(email) });
  const logIn = (email: string, more: object = {}) => post<TokenPair>('/v1/auth/login', { email, password, ...more });

  const asSignedIn = async (email: string): Promise<SignedIn> => {
    const { body: tokens } = await logIn(email);
    const { sub = '', sid, permissions } = decodeJwt<{ sid: string; permissions: string[] }>(tokens.accessToken);
    return { userId: sub, sessionId: sid, email, tokens, asCaller: await asCaller(sub, sid, permissions) };
  };
  /** A verified account with one session. */
  const signUp = async (more: object = {}): Promise<SignedIn> => {
    const email = newEmail();
    await register(email, more);
    await verify(email);
    return asSignedIn(email);
  };
  /** Gives a role as only the installation itself can. */
  const grant = async (userId: string, role: string): Promise<void> => {
    await tables.connection.query(sql.unsafe`INSERT INTO auth.user_roles (user_id, role) VALUES (${userId}, ${role})`);
  };
  return { post, asCaller, codeFor, newEmail, register, verify, logIn, asSignedIn, signUp, grant };
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
