import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
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

/** The file of this repository whose text becomes the script. */
const scriptFile = new URL('../toolchain/install.sh', import.meta.url);
/** Most events are there within a second; on a busy machine that takes longer. */
const auditWaitMs = 30_000;

/** The error of a step that failed; the message says how. */
export class JourneyFailed extends Error {}

/** The main job from end to end, one request after another. Throws JourneyFailed at the first answer that is not right. */
export const runJourney = async (parts: JourneyParts): Promise<void> => {
  const { terminal } = parts;
  const expected: ExpectedEvent[] = [];
  const steps = createSteps(parts, expected);

  terminal.step('Who answers? The state of the installation');
  await steps.expect('GET', '/v1/installation', { status: 200, has: { state: 'ready' } });

  const owner = await steps.signInOwner();
  const ada = await steps.newcomer('Ada');
  const ben = await steps.newcomer('Ben');

  terminal.step('Ada creates a community');
  const community = await steps.expect('POST', '/v1/communities', {
    token: ada.token,
    body: { name: 'Night shift' },
    status: 201,
    event: 'community.create',
  });

  terminal.step('Ada invites Ben as a viewer, and he accepts');
  const invite = await steps.expect('POST', `/v1/communities/${idOf(community)}/invites`, {
    token: ada.token,
    body: { role: 'viewer', email: ben.email },
    status: 201,
    event: 'invite.create',
  });
  await steps.expect('POST', '/v1/invites/accept', {
    token: ben.token,
    body: { token: invite['token'] },
    status: 200,
    has: { role: 'viewer' },
    event: 'invite.accept',
  });

  terminal.step('Ada creates a shared workspace');
  const workspace = await steps.expect('POST', `/v1/communities/${idOf(community)}/workspaces`, {
    token: ada.token,
    body: { name: 'Batch jobs' },
    status: 201,
    has: { mode: 'shared' },
    event: 'workspace.create',
  });

  terminal.step('Ada saves a script, read from tools/toolchain/install.sh');
  const content = await readFile(scriptFile, 'utf8');
  const scripts = `/v1/workspaces/${idOf(workspace)}/scripts`;
  const script = await steps.expect('POST', scripts, {
    token: ada.token,
    body: { name: 'install.sh', language: 'shell', content },
    status: 201,
    has: { version: 1, content },
    event: 'script.create',
  });
  const scriptPath = `${scripts}/${idOf(script)}`;

  terminal.step('Ada changes it: version 2');
  const changed = { content: `${content}# changed by the demonstration\n` };
  await steps.expect('PATCH', scriptPath, {
    token: ada.token,
    body: changed,
    ifMatch: '"1"',
    status: 200,
    has: { version: 2 },
    event: 'script.update',
  });

  terminal.step('A second change on top of version 1 is refused: nobody overwrites what they have not seen');
  await steps.expect('PATCH', scriptPath, {
    token: ada.token,
    body: changed,
    ifMatch: '"1"',
    status: 412,
    has: { code: 'VERSION_MISMATCH' },
  });

  terminal.step('Ben, a viewer, reads it but may not change it');
  await steps.expect('GET', scriptPath, { token: ben.token, status: 200, has: { version: 2 } });
  await steps.expect('PATCH', scriptPath, {
    token: ben.token,
    body: changed,
    ifMatch: '"2"',
    status: 403,
    has: { code: 'FORBIDDEN' },
    event: 'script.update',
    result: 'denied',
  });

  terminal.step('Every one of these is in the audit log');
  for (const event of expected) await steps.findEvent(owner, event);
};

const idOf = (body: Record<string, unknown>): string => body['id'] as string;

interface ExpectedEvent {
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

const createSteps = ({ http, terminal, mailFolder, setupToken }: JourneyParts, expected: ExpectedEvent[]) => {
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
    await expect('POST', '/v1/auth/register', { body, status: 202, event: 'user.register' });
    const code = await readCode(mailFolder, email);
    await expect('POST', '/v1/auth/codes/verify', {
      body: { email, purpose: 'verify_email', code },
      status: 200,
      event: 'user.verify-email',
    });
    return account;
  };

  return {
    expect,
    async signInOwner(): Promise<string> {
      terminal.step('The account that registers with the setup token becomes the owner once its address is confirmed');
      return signIn(await register('Olive', `olive-${randomUUID().slice(0, 8)}@example.test`, setupToken));
    },
    async newcomer(displayName: string): Promise<{ email: string; token: string }> {
      terminal.step(`${displayName} registers, verifies the address and signs in`);
      const account = await register(displayName, `${displayName.toLowerCase()}-${randomUUID().slice(0, 8)}@example.test`);
      return { email: account.email, token: await signIn(account) };
    },
    findEvent: (token: string, event: ExpectedEvent) => findEvent(http, terminal, token, event),
  };
};

/** Polls until the event is stored. */
const findEvent = async (
  http: HttpClient,
  terminal: Terminal,
  token: string,
  { action, result, requestId }: ExpectedEvent,
): Promise<void> => {
  const path = `/v1/audit/events?requestId=${requestId}&action=${action}&result=${result}`;
  const deadline = Date.now() + auditWaitMs;
  for (;;) {
    const { status, body } = await http.send('GET', path, { token, isQuiet: true });
    const found = (body['items'] as AuditEntry[] | undefined) ?? [];
    const [event] = found;
    if (status === 200 && found.length === 1 && event !== undefined) {
      const lateMs = Date.parse(event.recordedAt) - Date.parse(event.occurredAt);
      return terminal.ok(
        `${action.padEnd(17)} ${result.padEnd(7)} by ${event.actor.id.slice(0, 8)} · recorded ${lateMs} ms later, once`,
      );
    }
    if (Date.now() > deadline) {
      throw new JourneyFailed(
        `GET ${path} answers ${status} with ${found.length} events after ${auditWaitMs / 1000} s, not one.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
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
