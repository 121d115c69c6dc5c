import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { communityRoutes, exampleBodyOf } from '@guildhall/contracts';
import getPort from 'get-port';
import { readCode } from '../demo/mailbox.ts';
import { startTestStack, type TestStack } from '../../tests/support/test-stack.ts';
import { say } from './say.ts';
import { startNginx } from './nginx.ts';
import { scrapeStack } from './prometheus.ts';
import { createTlsClient, type TlsClient } from './tls-client.ts';

/**
 * The whole stack behind a real nginx with infra/nginx/guildhall.conf: TLS, keep-alive, the clients' own addresses, weak entity tags.
 * Then a real Prometheus reads it. Where there is no nginx or openssl: a line, and 0. Exit code 1 when something does not hold.
 */
const has = (program: string): boolean => spawnSync(program, ['-v'], { stdio: 'ignore' }).error === undefined;
const signInsMax = 8;
const email = 'ada@example.org';
const password = 'a long and quiet sentence';

interface Behind {
  readonly stack: TestStack;
  /** A client at an address of this machine that the gateway does not trust as a proxy. */
  readonly at: (address: string) => TlsClient;
}

const post = (client: TlsClient, to: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
  client.send(to, { method: 'POST', body, headers });

const signIn = async ({ stack, at }: Behind): Promise<string> => {
  const ada = at('127.0.0.2');
  const registered = await post(ada, '/v1/auth/register', { email, password, displayName: 'Ada' });
  equal(registered.status, 202);
  const code = await readCode(stack.stack.mailFolder, email);
  const { codeToken } = registered.body;
  equal((await post(ada, '/v1/auth/codes/verify', { email, purpose: 'verify_email', codeToken, code })).status, 200);
  // What a client says of its own way counts for nothing: nginx appends the address that it sees.
  const answer = await post(ada, '/v1/auth/login', { email, password }, { 'x-forwarded-for': '198.51.100.9' });
  equal(answer.status, 200);
  return String(answer.body['accessToken']);
};

const checks: readonly (readonly [string, (behind: Behind, authorization: string) => Promise<void>])[] = [
  [
    'a session shows the address of its client, not that of nginx and not what the client says',
    async ({ at }, authorization) => {
      const { status, body } = await at('127.0.0.2').send('/v1/auth/sessions', { headers: { authorization } });
      equal(status, 200);
      deepEqual(
        (body['items'] as { readonly ipAddress: string }[]).map(({ ipAddress }) => ipAddress),
        ['127.0.0.2'],
      );
    },
  ],
  [
    'many requests go over one connection',
    async ({ at }, authorization) => {
      const client = at('127.0.0.2');
      const earlier = client.connections();
      for (let index = 0; index < 20; index += 1)
        equal((await client.send('/v1/auth/me', { headers: { authorization } })).status, 200);
      equal(client.connections(), earlier);
    },
  ],
  [
    'an ETag that compression has made weak still matches, for a read and for a change',
    async ({ at }, authorization) => {
      const client = at('127.0.0.2');
      const { createCommunity } = communityRoutes;
      const made = await post(client, createCommunity.path, exampleBodyOf(createCommunity) as object, { authorization });
      equal(made.status, 201);
      const community = `/v1/communities/${String(made.body['id'])}`;
      const workspace = await post(client, `${community}/workspaces`, { name: 'Nightly' }, { authorization });
      equal(workspace.status, 201);
      const to = `/v1/workspaces/${String(workspace.body['id'])}`;
      const read = await client.send(to, { headers: { authorization } });
      equal(read.headers['content-encoding'], 'gzip');
      const tag = String(read.headers.etag);
      match(tag, /^W\/"\d+"$/);
      equal((await client.send(to, { headers: { authorization, 'if-none-match': tag } })).status, 304);
      const change = (name: string) =>
        client.send(to, { method: 'PATCH', body: { name }, headers: { authorization, 'if-match': tag } });
      equal((await change('Weekly')).status, 200);
      equal((await change('Monthly')).status, 412);
    },
  ],
  [
    'who guesses uses up their own share, and nobody else’s',
    async ({ at }) => {
      const wrong = { email, password: 'no such sentence at all' };
      const statuses: number[] = [];
      for (let index = 0; index <= signInsMax; index += 1)
        statuses.push((await post(at('127.0.0.3'), '/v1/auth/login', wrong)).status);
      equal(statuses.at(-1), 429);
      ok([401, 429].every((status) => statuses.includes(status)));
      ok((await post(at('127.0.0.4'), '/v1/auth/login', { email: 'eve@example.org', password })).status === 401);
    },
  ],
  [
    'nobody is this machine’s user, nor a scraper',
    async ({ at }) => {
      const client = at('127.0.0.2');
      const statuses = [];
      for (const to of ['/v1/workspaces?mode=solo', '/metrics', '/internal/users']) statuses.push((await client.send(to)).status);
      deepEqual(statuses, [401, 404, 404]);
    },
  ],
];

const run = async (stack: TestStack): Promise<void> => {
  const port = await getPort({ host: '127.0.0.1' });
  const nginx = await startNginx({
    folder: path.join(stack.dataFolder, 'nginx'),
    port,
    gateway: new URL(stack.stack.urls.gateway),
  });
  const clients = new Map<string, TlsClient>();
  const at = (address: string): TlsClient => {
    const client = clients.get(address) ?? createTlsClient(port, nginx.certificate, address);
    clients.set(address, client);
    return client;
  };
  try {
    const behind = { stack, at };
    const authorization = `Bearer ${await signIn(behind)}`;
    for (const [name, check] of checks) {
      await check(behind, authorization);
      say(`  holds: ${name}`);
    }
  } finally {
    for (const client of clients.values()) client.close();
    await nginx.stop();
  }
};

if (!has('nginx') || !has('openssl')) {
  say('nginx or openssl is not there and could not be installed: nothing was tried behind a proxy.');
} else {
  say('Behind nginx:');
  const token = randomBytes(24).toString('hex');
  const limits = { SIGN_INS_PER_MINUTE_MAX: String(signInsMax) };
  const stack = await startTestStack({ TRUSTED_PROXIES: '127.0.0.1/32', METRICS_TOKEN: token, ...limits });
  try {
    await run(stack);
    if (has('prometheus')) {
      await scrapeStack(stack.stack, path.join(stack.dataFolder, 'prometheus'), token);
      say('  holds: Prometheus scrapes every process, evaluates every alert rule and reads what the dashboard shows');
    } else say('prometheus is not there and could not be installed: nothing was scraped.');
  } finally {
    await stack.close();
  }
}
