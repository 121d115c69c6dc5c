import { randomBytes, randomUUID } from 'node:crypto';
import { waitFor } from '@guildhall/testkit';
import type { HttpClient, Received } from './http-client.ts';
import { readCode } from './mailbox.ts';
import type { Terminal } from './terminal.ts';

interface Account {
  readonly email: string;
  readonly password: string;
}

export interface JourneyParts {
  readonly http: HttpClient;
  readonly terminal: Terminal;
  /** The folder that mails land in when no mail server is configured. */
  readonly mailFolder: string;
  /** The token of a fresh installation: its owner reads the audit trail at the end. */
  readonly setupToken: string;
}

export interface SignedIn {
  readonly userId: string;
  readonly email: string;
  readonly token: string;
}

/** Most events are there within a second; on a busy machine that takes longer. */
const auditWaitMs = 30_000;

/** The error of a step that failed; the message says how. */
export class JourneyFailed extends Error {}

/** An audit event that a request of the journey must cause. */
export interface ExpectedEvent {
  readonly action: string;
  readonly result: string;
  readonly requestId: string;
}

interface Expectation {
  readonly token?: string;
  readonly body?: Record<string, unknown>;
  readonly ifMatch?: string;
  readonly status: number;
  readonly has?: Record<string, unknown>;
  /** The action of the audit event that this request must cause. */
  readonly event?: string;
  readonly result?: 'success' | 'denied';
}

/** The id of what an answer shows. */
export const idOf = (body: Record<string, unknown>): string => String(body['id']);

export type Steps = ReturnType<typeof createSteps>;

/** The steps of the journey: requests whose answers are compared. The events that they must cause are added to `expected`. */
export const createSteps = ({ http, terminal, mailFolder, setupToken }: JourneyParts, expected: ExpectedEvent[]) => {
  const expect = async (
    method: string,
    path: string,
    { status, has = {}, event, result = 'success', ...options }: Expectation,
  ): Promise<Received['body']> => {
    const received = await http.send(method, path, options);
    const wrong = differences(received, status, has);
    if (wrong.length > 0)
      throw new JourneyFailed(`${method} ${path} should have answered ${wrong.join(', ')}. (request ${received.requestId})`);
    terminal.ok(`${status}${typeof has['code'] === 'string' ? ` ${has['code']}` : ''} as it should be`);
    if (event !== undefined) expected.push({ action: event, result, requestId: received.requestId });
    return received.body;
  };

  const signIn = async ({ email, password }: Account): Promise<string> => {
    const tokens = await expect('POST', '/v1/auth/login', {
      body: { email, password, deviceLabel: 'demonstration' },
      status: 200,
      has: { tokenType: 'Bearer' },
      event: 'session.create',
    });
    return String(tokens['accessToken']);
  };

  const register = async (displayName: string, email: string, token?: string): Promise<Account> => {
    const account = { email, password: randomBytes(18).toString('base64url') };
    const body = { ...account, displayName, ...(token === undefined ? {} : { setupToken: token }) };
    const { codeToken } = await expect('POST', '/v1/auth/register', { body, status: 202, event: 'user.register' });
    const code = await readCode(mailFolder, email);
    await expect('POST', '/v1/auth/codes/verify', {
      body: { email, purpose: 'verify_email', codeToken, code },
      status: 200,
      event: 'user.verify-email',
    });
    return account;
  };

  return {
    expect,
    expectSoon: (path: string, expectation: ReadingExpectation) => expectSoon(http, terminal, path, expectation),
    async signInOwner(): Promise<string> {
      terminal.step('The account that registers with the setup token becomes the owner once its address is confirmed');
      return signIn(await register('Olive', `olive-${randomUUID().slice(0, 8)}@example.test`, setupToken));
    },
    async newcomer(displayName: string): Promise<SignedIn> {
      terminal.step(`${displayName} registers, verifies the address and signs in`);
      const account = await register(displayName, `${displayName.toLowerCase()}-${randomUUID().slice(0, 8)}@example.test`);
      const token = await signIn(account);
      const { id } = await expect('GET', '/v1/auth/me', { token, status: 200, has: { displayName } });
      return { userId: String(id), email: account.email, token };
    },
    findEvent: (token: string, event: ExpectedEvent) => findEvent(http, terminal, token, event),
  };
};

type ReadingExpectation = Pick<Expectation, 'status' | 'has' | 'token'>;

/** Repeats a reading until it is answered so: what a gateway knows of a token is two seconds old at most. */
const expectSoon = async (
  http: HttpClient,
  terminal: Terminal,
  path: string,
  { status, has = {}, token }: ReadingExpectation,
): Promise<void> => {
  let wrong: readonly string[] = [];
  const look = async (): Promise<boolean> => {
    wrong = differences(await http.send('GET', path, { token, isQuiet: true }), status, has);
    return wrong.length === 0;
  };
  await waitFor(look, { what: () => `the answer of GET ${path}: ${wrong.join(', ')}` });
  terminal.ok(`GET ${path} answers ${status} as it should`);
};

/** Polls until the event is stored. */
const findEvent = async (
  http: HttpClient,
  terminal: Terminal,
  token: string,
  { action, result, requestId }: ExpectedEvent,
): Promise<void> => {
  const path = `/v1/audit/events?requestId=${requestId}&action=${action}&result=${result}`;
  let seen = 'nothing';
  const look = async (): Promise<AuditEntry | undefined> => {
    const { status, body } = await http.send('GET', path, { token, isQuiet: true });
    const found = (body['items'] as AuditEntry[] | undefined) ?? [];
    seen = `${status} with ${found.length} events`;
    return found.length === 1 ? found[0] : undefined;
  };
  const event = await waitFor(look, { timeoutMs: auditWaitMs, what: () => `one event of ${path}, which answers ${seen}` });
  const lateMs = Date.parse(event.recordedAt) - Date.parse(event.occurredAt);
  terminal.ok(`${action.padEnd(21)} ${result.padEnd(7)} by ${event.actor.id.slice(0, 8)} · recorded ${lateMs} ms later, once`);
};

interface AuditEntry {
  readonly actor: { readonly id: string };
  readonly occurredAt: string;
  readonly recordedAt: string;
}

const differences = ({ status, body }: Received, wanted: number, has: Record<string, unknown>): string[] => [
  ...(status === wanted ? [] : [`${wanted} instead of ${status}`]),
  ...Object.entries(has).flatMap(([name, value]) =>
    body[name] === value ? [] : [`${name}: ${JSON.stringify(value)} instead of ${JSON.stringify(body[name])}`],
  ),
];
