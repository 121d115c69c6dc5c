import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingNames } from '@guildhall/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRolesConfig } from '../../services/gateway/src/config.ts';
import { settingReaders } from '../dev/settings.ts';
import { repositoryRoot } from '../source/repository.ts';
import { ensureStackSecrets } from '../stack/secrets.ts';
import { faultsOf, readKustomization, readManifests, type Manifest } from './kubernetes.ts';

interface Container {
  readonly name: string;
  readonly image: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly envFrom?: readonly unknown[];
  readonly command?: readonly string[];
  readonly resources: { readonly requests: object; readonly limits: { readonly memory?: string } };
  readonly securityContext: object;
}
interface Pod {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly containers: readonly [Container];
    readonly securityContext: object;
    readonly volumes: readonly { readonly secret?: { readonly secretName: string } }[];
    readonly automountServiceAccountToken: boolean;
  };
}

const manifests = readManifests();
const ofKind = (...kinds: readonly string[]): readonly Manifest[] => manifests.filter(({ kind }) => kinds.includes(kind));
const nameOf = ({ metadata }: Manifest): string => metadata.name;
const podOf = (workload: Manifest): Pod => (workload['spec'] as { readonly template: Pod }).template;
const services = ofKind('Deployment', 'StatefulSet');
const jobs = ofKind('Job');
const workloads = [...services, ...jobs];
const settings = (ofKind('ConfigMap')[0] as unknown as { readonly data: Readonly<Record<string, string>> }).data;

const readme = readFileSync(join(repositoryRoot, 'infra', 'kubernetes', 'README.md'), 'utf8');
/** The file of each key of each secret, by the commands of the README. */
const filesOfSecrets = new Map(
  [...readme.replaceAll(/\\\n\s*/g, '').matchAll(/secret generic (\S+) (.*)/g)].map(([, name = '', rest = '']) => [
    name,
    new Map([...rest.matchAll(/--from-file=([^\s=]+)(?:=(\S+))?/g)].map(([, key = '', file = key]) => [key, file])),
  ]),
);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-kubernetes-'));
  ensureStackSecrets(folder);
  writeFileSync(join(folder, 'secrets', 'smtp-url'), 'smtps://mail.example.test:465\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The file in which a mounted secret would stand, before it was put into the secret of that name. */
const beforeMounting = (value: string, own: string): string => {
  const [, mount, key = ''] = /^\/run\/secrets\/(own|public)\/(.*)$/.exec(value) ?? [];
  if (mount === undefined) return value;
  const file = filesOfSecrets.get(mount === 'own' ? own : 'service-public-keys')?.get(key);
  return join(folder, 'secrets', file ?? `no key ${key} in ${own}`);
};

test('every object fits the schema that Kubernetes publishes, and has no field that it does not know', async () => {
  expect(manifests.length).toBeGreaterThan(25);
  expect((await Promise.all(manifests.map(faultsOf))).flat()).toEqual([]);
});

test.each([
  ['a wrong type', { replicas: 'two' }, ['Deployment auth/spec/replicas: type']],
  ['a field that is none', { replica: 2 }, ['Deployment auth/spec/replica is no field of its schema.']],
])('%s is found', async (_what, more, faults) => {
  const auth = services.find((each) => nameOf(each) === 'auth') as Manifest;
  expect(await faultsOf({ ...auth, spec: { ...(auth['spec'] as object), ...more } })).toEqual(faults);
});

/** The reader of a process's settings. A migration reads one alone, which its own tests hold. */
const readerOf = (workload: Manifest): ((env: NodeJS.ProcessEnv) => unknown) => {
  const name = nameOf(workload);
  if (name === 'roles') return readRolesConfig;
  if (workload.kind !== 'Job') return settingReaders[name as keyof typeof settingReaders];
  return (env) => readRolesConfig({ ...env, ...sameForAll(env['DATABASE_URL_FILE']) });
};
const sameForAll = (file: string | undefined) => ({
  AUTH_DATABASE_URL_FILE: file,
  TEAM_RESOURCES_DATABASE_URL_FILE: file,
  AUDIT_DATABASE_URL_FILE: file,
});

describe.each(workloads.map((workload): [string, Manifest] => [`${workload.kind} ${nameOf(workload)}`, workload]))(
  '%s',
  (_name, workload) => {
    const { metadata, spec } = podOf(workload);
    const [container] = spec.containers;

    test('runs as nobody, on a file system that is read-only, within limits', () => {
      expect(spec.securityContext).toEqual({
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources).toEqual({
        requests: { cpu: expect.any(String), memory: expect.any(String) },
        limits: { memory: expect.any(String) },
      });
      expect(spec.automountServiceAccountToken).toBe(false);
    });

    test('its image is one of the kustomization, and each secret is explained', () => {
      expect(readKustomization().images.map(({ name }) => name)).toContain(container.image);
      const secrets = spec.volumes.flatMap(({ secret }) => secret ?? []).map(({ secretName }) => secretName);
      expect(secrets.filter((name) => !filesOfSecrets.has(name))).toEqual([]);
    });

    test('is told known settings alone, no secret, and begins with them', () => {
      const own = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
      expect(Object.keys(own).filter((name) => !settingNames.has(name))).toEqual([]);
      expect(
        Object.keys(own).filter((name) => /(KEY|SECRET|TOKEN|PASSWORD|DATABASE_URL|QUEUE_URL|SMTP_URL)$/.test(name)),
      ).toEqual([]);
      const secret = spec.volumes
        .flatMap(({ secret: each }) => each ?? [])
        .find(({ secretName }) => secretName !== 'service-public-keys');
      const given = container.envFrom === undefined ? own : { ...settings, ...own };
      const env = Object.fromEntries(
        Object.entries(given).map(([name, value]) => [name, beforeMounting(value, secret?.secretName ?? '')]),
      );
      expect(() => readerOf(workload)(env)).not.toThrow();
    });

    test('only who has a database address may reach the database', () => {
      const hasAddress = container.env.some(({ name }) => name.endsWith('DATABASE_URL_FILE'));
      expect(metadata.labels['uses-database']).toBe(hasAddress ? 'true' : undefined);
      expect(hasAddress).toBe(nameOf(workload) !== 'gateway');
    });
  },
);

test('each service has probes, a budget for disruptions and an autoscaler', () => {
  expect(services.map(nameOf)).toEqual(['auth', 'team-resources', 'audit', 'gateway']);
  for (const service of services) {
    expect(podOf(service).spec.containers[0]).toMatchObject({
      startupProbe: { httpGet: { path: '/readyz' } },
      readinessProbe: { httpGet: { path: '/healthz' } },
      livenessProbe: { httpGet: { path: '/healthz' } },
      lifecycle: { preStop: { sleep: { seconds: 5 } } },
    });
  }
  expect(ofKind('PodDisruptionBudget').map(nameOf)).toEqual(services.map(nameOf));
  const targets = ofKind('HorizontalPodAutoscaler').map(({ spec }) => (spec as { scaleTargetRef: object }).scaleTargetRef);
  expect(targets).toEqual(services.map((each) => ({ apiVersion: 'apps/v1', kind: each.kind, name: nameOf(each) })));
});

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
}
interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
}
interface Policy {
  readonly podSelector: Selector;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly { readonly from?: readonly Peer[] }[];
  readonly egress?: readonly { readonly to?: readonly Peer[]; readonly ports?: readonly { readonly port: number | string }[] }[];
}
type Labels = Readonly<Record<string, string>>;

const fits = ({ matchLabels = {} }: Selector, labels: Labels): boolean =>
  Object.entries(matchLabels).every(([name, value]) => labels[name] === value);
const policies = ofKind('NetworkPolicy').map(({ spec }) => spec as Policy);

/** Whether a pod of this namespace, or one of another, may open a connection to a pod. */
const mayReach = (from: { readonly pod?: Labels; readonly namespace?: string }, to: Labels): boolean =>
  policies
    .filter(({ podSelector }) => fits(podSelector, to))
    .flatMap(({ ingress = [] }) => ingress)
    .flatMap(({ from: peers = [] }) => peers)
    .some(({ podSelector, namespaceSelector }) =>
      namespaceSelector === undefined
        ? from.pod !== undefined && podSelector !== undefined && fits(podSelector, from.pod)
        : from.namespace !== undefined && fits(namespaceSelector, { 'kubernetes.io/metadata.name': from.namespace }),
    );

const labelsOf = (workload: Manifest): Labels => podOf(workload).metadata.labels;
const reachable = (from: Parameters<typeof mayReach>[0], targets: readonly Manifest[]) =>
  targets.filter((target) => mayReach(from, labelsOf(target))).map(nameOf);

test('only the gateway is reached from outside, and only who uses the database reaches it', () => {
  expect(policies.some(({ podSelector, policyTypes }) => Object.keys(podSelector).length === 0 && policyTypes.length === 2)).toBe(
    true,
  );
  expect(reachable({ namespace: 'ingress-nginx' }, workloads)).toEqual(['gateway']);
  expect(reachable({ namespace: 'another' }, workloads)).toEqual([]);
  expect(reachable({ pod: { 'app.kubernetes.io/name': 'another' } }, workloads)).toEqual([]);
  expect(Object.fromEntries(services.map((each) => [nameOf(each), reachable({ pod: labelsOf(each) }, services)]))).toEqual({
    auth: ['team-resources', 'audit'],
    'team-resources': ['auth', 'audit'],
    audit: ['auth', 'team-resources', 'gateway'],
    gateway: ['auth', 'team-resources', 'audit'],
  });
  const database = { 'is-database': 'true' };
  const users = workloads.filter((each) => mayReach({ pod: labelsOf(each) }, database)).map(nameOf);
  expect(users).toEqual(workloads.map(nameOf).filter((name) => name !== 'gateway'));
  expect(mayReach({ namespace: 'ingress-nginx' }, database)).toBe(false);
});

/** The settings by which a process asks somebody outside. */
const outsideSettings = {
  auth: ['OIDC_PROVIDERS', 'SMTP_URL'],
  audit: ['FORWARD_URL', 'WITNESSES'],
  gateway: ['OUTSIDE_ISSUERS'],
} as const;

/** The ports at which a pod may ask anybody. */
const portsOf = (workload: Manifest): readonly (number | string)[] =>
  policies
    .filter(({ podSelector }) => Object.keys(podSelector.matchLabels ?? {}).some((name) => name !== 'uses-database'))
    .filter(({ podSelector }) => fits(podSelector, labelsOf(workload)))
    .flatMap(({ egress = [] }) => egress)
    .flatMap(({ to, ports = [] }) => (to === undefined ? ports.map(({ port }) => port) : []));

test('who has a setting that names somebody outside may ask there, by https and the ports of mail, and nobody else', () => {
  expect(
    Object.values(outsideSettings)
      .flat()
      .every((name) => settingNames.has(name)),
  ).toBe(true);
  expect(Object.fromEntries(services.map((each) => [nameOf(each), portsOf(each)]))).toEqual({
    auth: [465, 587, 443],
    'team-resources': [],
    audit: [443],
    gateway: [443],
  });
});
