import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingNames } from '@guildhall/contracts';
import { readServiceIdentity } from '@guildhall/principal';
import { expect, onTestFinished, test } from 'vitest';
import { readRolesConfig } from '../../services/gateway/src/config.ts';
import { settingReaders } from '../dev/settings.ts';
import { repositoryRoot } from '../source/repository.ts';
import { ensureStackSecrets } from '../stack/secrets.ts';
import { environmentOf, networksOf, readComposeFile, type ComposeService } from './compose.ts';

const { services, networks, secrets } = readComposeFile();
/** The node for `make test-cockroach` is no part of a stack. */
const stack = Object.entries(services).filter(([, { profiles }]) => profiles?.includes('test-cockroach') !== true);
const processes = ['auth', 'team-resources', 'audit', 'gateway'] as const;
const serviceOf = (name: string): ComposeService => services[name] as ComposeService;

const on = (network: string) => stack.filter(([, service]) => networksOf(service).includes(network)).map(([name]) => name);
const holdersOf = (secret: string) => stack.filter(([, service]) => service.secrets?.includes(secret)).map(([name]) => name);

/** A folder with every secret that make stack-up makes. */
const makeSecrets = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-stack-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  ensureStackSecrets(folder);
  return join(folder, 'secrets');
};

test.each(stack)('%s runs with no rights, on a read-only root, within limits, and is started again', (_name, service) => {
  expect(service).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    mem_limit: expect.stringMatching(/^\d+[mg]$/),
    cpus: expect.any(Number),
    pids_limit: expect.any(Number),
    restart: expect.stringMatching(/^(unless-stopped|on-failure:\d+)$/),
  });
});

test('nobody is root but who hands out the certificates of CockroachDB, and has no network', () => {
  // Images of this repository name their user themselves.
  const others = stack.filter(([, { image }]) => !image.startsWith('guildhall/'));
  const root = others.filter(([, { user }]) => user === undefined || user.startsWith('0'));
  expect(root.map(([name]) => name)).toEqual(['cockroach-certificates']);
  expect(serviceOf('cockroach-certificates')).toMatchObject({ network_mode: 'none' });
  expect(readFileSync(join(repositoryRoot, 'infra/docker/service.Dockerfile'), 'utf8')).toMatch(/^USER node$/m);
});

test("nothing is published but the gateway's port, and that of the proxy before two, to this machine", () => {
  const published = stack.filter(([, { ports = [] }]) => ports.length > 0).map(([name, { ports }]) => [name, ports]);
  expect(published).toEqual([
    ['gateway', ['127.0.0.1:4300:8080']],
    ['proxy', ['127.0.0.1:4380:8080']],
  ]);
  expect(serviceOf('proxy').profiles).toEqual(['proxy']);
});

test('a second gateway is the first one, with a file and without a port of its own, and the proxy finds both by one name', () => {
  const { ports: _port, volumes: own, profiles: _none, ...first } = serviceOf('gateway');
  const { ports: none, volumes: others, profiles, ...second } = serviceOf('gateway-2');
  expect(second).toEqual(first);
  expect([none, own, others, profiles]).toEqual([[], ['gateway:/data'], ['gateway-2:/data'], ['proxy']]);
  expect(first.networks).toMatchObject({ front: { aliases: ['gateways'] } });
  const configuration = readFileSync(join(repositoryRoot, 'infra/nginx/containers.conf'), 'utf8');
  expect(/set (\$\w+) http:\/\/gateways:8080;\s+proxy_pass \1;/.test(configuration)).toBe(true);
  // nginx may not send a change again: its connection is never one that a gateway closes meanwhile.
  expect(configuration).toContain('proxy_set_header Connection "close";');
});

test('who needs nobody outside reaches nobody outside, and only who uses the database reaches it', () => {
  const open = Object.entries(networks).filter(([, network]) => network?.internal !== true);
  expect(open.map(([name]) => name)).toEqual(['outside', 'front']);
  expect(on('outside')).toEqual(['auth', 'audit', 'gateway', 'gateway-2']);
  expect(on('front')).toEqual(['gateway', 'gateway-2', 'proxy']);
  expect(on('inner')).toEqual(['auth', 'team-resources', 'audit', 'gateway', 'gateway-2']);
  expect(on('mail')).toEqual(['mail-catcher', 'auth']);
  expect(on('queue')).toEqual(['valkey', 'auth', 'team-resources', 'audit']);
  const users = on('database').filter((name) => !/^(postgres|cockroach)/.test(name));
  expect(users).toEqual(['roles', 'migrate-auth', 'migrate-team-resources', 'migrate-audit', 'auth', 'team-resources', 'audit']);
});

test('each service and its migration have the address of one role; the administrator is for the roles alone', () => {
  for (const name of ['auth', 'team-resources', 'audit'])
    expect(holdersOf(`${name}-database-url`)).toEqual(['roles', `migrate-${name}`, name]);
  expect(holdersOf('database-admin-url')).toEqual(['roles']);
  expect(holdersOf('database-admin-password')).toEqual(['postgres', 'cockroach-cluster']);
  expect(serviceOf('gateway').secrets).toEqual(['service-public-keys', 'gateway-service-key', 'gateway-encryption-key']);
});

test('services wait for their migrations, and migrations for the roles', () => {
  for (const name of ['auth', 'team-resources', 'audit']) {
    expect(serviceOf(name).depends_on).toEqual({ [`migrate-${name}`]: { condition: 'service_completed_successfully' } });
    expect(serviceOf(`migrate-${name}`).depends_on).toEqual({ roles: { condition: 'service_completed_successfully' } });
  }
});

test('make stack-up makes every secret, once, as a file that containers can read and other users of this machine cannot', () => {
  const folder = makeSecrets();
  expect(readdirSync(folder).toSorted()).toEqual(Object.keys(secrets).toSorted());
  const texts = (): readonly string[] => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const before = texts();
  ensureStackSecrets(join(folder, '..'));
  expect(texts()).toEqual(before);
  expect(statSync(join(folder, '..')).mode & 0o777).toBe(0o700);
  expect(readdirSync(folder).every((name) => (statSync(join(folder, name)).mode & 0o777) === 0o444)).toBe(true);
});

test.each(processes)('%s begins with what it is given: known settings, and secrets as files alone', (name) => {
  const folder = makeSecrets();
  const { secrets: own = [] } = serviceOf(name);
  const environment = environmentOf(serviceOf(name));
  expect(Object.keys(environment).filter((setting) => !settingNames.has(setting))).toEqual([]);
  const files = Object.values(environment).filter((value) => value.startsWith('/run/secrets/'));
  expect(files.map((file) => file.replace('/run/secrets/', '')).toSorted()).toEqual(own.toSorted());
  expect(
    Object.keys(environment).filter((setting) => /(KEY|SECRET|TOKEN|PASSWORD|DATABASE_URL|QUEUE_URL)$/.test(setting)),
  ).toEqual([]);
  const env = Object.fromEntries(
    Object.entries(environment).map(([setting, value]) => [setting, value.replace('/run/secrets', folder)]),
  );
  expect(settingReaders[name](env)).toMatchObject({ identity: { name }, logLevel: 'info' });
});

test('the roles are made with the passwords of the services, which are all different', () => {
  const folder = makeSecrets();
  const environment = environmentOf(serviceOf('roles'));
  const env = Object.fromEntries(
    Object.entries(environment).map(([setting, value]) => [setting, value.replace('/run/secrets', folder)]),
  );
  const { adminUrl, serviceUrls } = readRolesConfig(env);
  const users = [adminUrl, ...Object.values(serviceUrls)].map((url) => new URL(url));
  expect(users.map(({ username }) => username)).toEqual(['postgres', 'guildhall_auth', 'guildhall_team', 'guildhall_audit']);
  expect(new Set(users.map(({ password }) => password)).size).toBe(4);
});

test('the queue has a password, keeps what it holds, and survives a restart', () => {
  const folder = makeSecrets();
  const configuration = readFileSync(join(folder, 'valkey-configuration'), 'utf8');
  expect(configuration).toMatch(/^requirepass \S{43}\nappendonly yes\nmaxmemory-policy noeviction\n$/);
  expect(readFileSync(join(folder, 'queue-url'), 'utf8')).toBe(`redis://:${configuration.split(/\s/)[1]}@valkey:6379`);
});

test('an example holds no secret, and a placeholder is refused', () => {
  const example = readFileSync(join(repositoryRoot, 'infra/docker/example.env'), 'utf8');
  expect(
    [...example.matchAll(/^\w*(?:KEY|KEYS|SECRET|PASSWORD|TOKEN|DATABASE_URL|QUEUE_URL)=.*$/gm)].map(([line]) => line),
  ).toEqual([]);
  expect(() => readServiceIdentity({ SERVICE_KEY: 'replace: make stack-up' }, 'auth')).toThrow('SERVICE_KEY');
});

test('nobody is looked after by a Node of its own: on a busy machine these pile up until the memory is gone', () => {
  const dockerfile = readFileSync(join(repositoryRoot, 'infra/docker/service.Dockerfile'), 'utf8');
  const looks = stack.map(([, { healthcheck }]) => JSON.stringify(healthcheck ?? null));
  expect(
    [...looks, /HEALTHCHECK[^]*?\n(?!\s)/.exec(dockerfile)?.[0]].filter((look) => look === undefined || look.includes('"node"')),
  ).toEqual([]);
});
