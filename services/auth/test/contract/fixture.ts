import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLog } from '@guildhall/http';
import { createInternalSigner, principalHeader, serviceHeader } from '@guildhall/principal';
import { catchLog, freshDatabase, internalKey, internalKeyBase64, waitFor } from '@guildhall/testkit';
import { decodeJwt } from 'jose';
import { sql, createSharedDatabase, type SharedDatabase } from '@guildhall/db';
import { createBcryptPool, type BcryptPool } from '../../src/clients/bcrypt-pool.ts';
import { readConfig } from '../../src/config.ts';
import { start } from '../../src/wire.ts';
import { startMailbox, type Mailbox } from './mailbox.ts';

export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

export interface Answer<T = unknown> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

export interface Asking {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
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
export const clientAddress = '203.0.113.7';

/** Two clocks a test can turn: the service's, and with it everything that expires. */
export const createClock = () => {
  let offsetMs = 0;
  return { now: () => new Date(Date.now() + offsetMs), advance: (seconds: number) => void (offsetMs += seconds * 1000) };
};

const createLogCatcher = () => {
  const { lines, stream } = catchLog('auth');
  return { lines, log: createLog({ service: 'auth', level: 'debug' }, stream) };
};

export interface FixtureOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly isConfigured?: boolean;
  readonly passwords?: (pool: BcryptPool) => BcryptPool;
}

/** The service alone, on a database and an SMTP server of its own. */
export const startFixture = async ({ env = {}, isConfigured = true, passwords = (pool) => pool }: FixtureOptions = {}) => {
  const database = isConfigured ? await freshDatabase({ services: ['auth'] }) : null;
  const mailbox = await startMailbox();
  const folder = await mkdtemp(path.join(tmpdir(), 'guildhall-auth-'));
  const clock = createClock();
  const { lines, log } = createLogCatcher();
  const setupTokenFile = path.join(folder, 'setup-token');
  const config = readConfig({
    INTERNAL_KEY: internalKeyBase64,
    ENCRYPTION_KEY: encryptionKey,
    PUBLIC_URL: 'http://guildhall.test',
    SMTP_URL: mailbox.url,
    BCRYPT_COST: '4',
    SETUP_TOKEN_FILE: setupTokenFile,
    ...(database === null ? {} : { DATABASE_URL: database.url }),
    ...env,
  });
  const pool = passwords(await createBcryptPool({ cost: config.bcryptCost }));
  const auth = await start(config, log, { now: clock.now, passwords: pool });
  const tables = createSharedDatabase({
    url: database?.url ?? null,
    schema: 'auth',
    applicationName: 'auth-test',
    migrationsExpected: 0,
    log,
  });
  if (database !== null) {
    await waitFor(async () => (await fetch(`${auth.url}/readyz`)).ok, { what: 'auth to be ready' });
    await waitFor(() => tables.state().status === 'ready', { what: 'the test to reach the tables' });
  }
  const close = async (): Promise<void> => {
    await auth.close();
    await tables.close();
    await mailbox.close();
    await database?.drop();
    await rm(folder, { recursive: true, force: true });
  };
  return {
    auth,
    config,
    clock,
    log,
    lines,
    mailbox,
    pool,
    folder,
    setupTokenFile,
    tables,
    close,
    ...actionsOn(auth, clock, mailbox, tables),
  };
};

export type Fixture = Awaited<ReturnType<typeof startFixture>>;

export const newEmail = (): string => `user-${randomUUID().slice(0, 8)}@example.org`;

const actionsOn = (
  auth: { readonly url: string },
  clock: { readonly now: () => Date },
  mailbox: Mailbox,
  tables: SharedDatabase,
) => {
  const ask = async <T = unknown>(method: string, route: string, { body, headers = {} }: Asking = {}): Promise<Answer<T>> => {
    const response = await fetch(auth.url + route, {
      method,
      headers: {
        'x-request-id': 'request-1',
        'x-forwarded-for': clientAddress,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as T, headers: response.headers };
  };
  const post = <T = unknown>(route: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    ask<T>('POST', route, { body, headers });

  const signer = createInternalSigner({ key: internalKey, issuer: 'gateway', now: clock.now });
  const asCaller = async (userId: string, sessionId: string, permissions: readonly string[] = []) => ({
    [principalHeader]: await signer.signPrincipal(
      { userId, sessionId, displayName: 'Ada', email: 'ada@example.org', permissions: [...permissions], ip: clientAddress },
      'auth',
    ),
  });
  const asService = async () => ({ [serviceHeader]: await signer.signService('auth') });

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
  return { ask, post, asCaller, asService, codeFor, newEmail, register, verify, logIn, asSignedIn, signUp, grant };
};

export const readSetupToken = (file: string): Promise<string> =>
  waitFor(async () => (await readFile(file, 'utf8')).trim(), { what: 'the setup token file' });

/** A problem answer, whole. */
export const problem = (status: number, code: string, title: string, detail: string, errors?: readonly object[]) => ({
  type: 'about:blank',
  title,
  status,
  code,
  detail,
  requestId: 'request-1',
  ...(errors === undefined ? {} : { errors }),
});

const jobStatements = [
  /schema_migrations|transaction_read_only/,
  /WHERE held\.role = 'owner' AND account\.is_email_verified\s+\) AS is_so|INSERT INTO auth\.setup_tokens/,
  /FROM auth\.outgoing_mails|UPDATE auth\.outgoing_mails|DELETE FROM auth/,
];

/** What was sent on behalf of the request alone: the jobs of the service go on meanwhile. */
export const withoutJobs = (statements: readonly string[]): readonly string[] =>
  statements.filter((text) => !jobStatements.some((job) => job.test(text)));
