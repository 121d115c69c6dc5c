import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { repositoryRoot } from '../source/repository.ts';

const folder = join(repositoryRoot, 'infra', 'kubernetes');
const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8');

export type Manifest = Readonly<Record<string, unknown>> & {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
};

export interface Kustomization {
  readonly namespace: string;
  readonly resources: readonly string[];
  readonly images: readonly { readonly name: string; readonly newTag?: string }[];
}

export const readKustomization = (): Kustomization => parse(textOf('kustomization.yaml')) as Kustomization;

/** Every object that the kustomization makes. */
export const readManifests = (): readonly Manifest[] =>
  readKustomization().resources.flatMap((file) => parseAllDocuments(textOf(file)).map((each) => each.toJS() as Manifest));

/** The name of each kind's schema in `kubernetes-models`, which generates them from the OpenAPI document that Kubernetes publishes. */
const schemas: Readonly<Record<string, string>> = {
  'v1 ConfigMap': 'CoreV1ConfigMap',
  'v1 Namespace': 'CoreV1Namespace',
  'v1 Service': 'CoreV1Service',
  'apps/v1 Deployment': 'AppsV1Deployment',
  'apps/v1 StatefulSet': 'AppsV1StatefulSet',
  'autoscaling/v2 HorizontalPodAutoscaler': 'AutoscalingV2HorizontalPodAutoscaler',
  'batch/v1 Job': 'BatchV1Job',
  'networking.k8s.io/v1 NetworkPolicy': 'NetworkingV1NetworkPolicy',
  'policy/v1 PodDisruptionBudget': 'PolicyV1PodDisruptionBudget',
};

interface Validate {
  (value: unknown): boolean;
  readonly errors?: readonly { readonly instancePath: string; readonly message?: string; readonly keyword: string }[];
}

/** Wraps a value so that every property that is read from it, at any depth, is noted by its path. */
const watched = (value: unknown, path: string, seen: Set<string>): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, key, receiver) {
      const got: unknown = Reflect.get(target, key, receiver);
      if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return got;
      seen.add(`${path}/${key}`);
      return watched(got, `${path}/${key}`, seen);
    },
  });
};

/** The paths that nobody looked at; what is below one is not named again. */
const unseenIn = (value: unknown, seen: ReadonlySet<string>, path = ''): readonly string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => {
        const here = `${path}/${key}`;
        return seen.has(here) ? unseenIn(inner, seen, here) : [here];
      })
    : [];

/**
 * Holds a manifest to the schema of its kind. A field that the schema does not know is a fault, too: its validator never looks at it.
 * Returns a sentence for each fault.
 */
export const faultsOf = async (manifest: Manifest): Promise<readonly string[]> => {
  const { apiVersion, kind, metadata } = manifest;
  const name = schemas[`${String(apiVersion)} ${kind}`];
  if (name === undefined) return [`${String(apiVersion)} ${kind} is not among the kinds that are checked.`];
  const { validate } = (await import(`kubernetes-models/_schemas/IoK8sApi${name}`)) as { readonly validate: Validate };
  const seen = new Set<string>();
  const isValid = validate(watched(manifest, '', seen));
  const where = `${kind} ${metadata.name}`;
  const wrong = isValid ? [] : (validate.errors ?? []).map((fault) => `${where}${fault.instancePath}: ${fault.keyword}`);
  return [...wrong, ...unseenIn(manifest, seen).map((path) => `${where}${path} is no field of its schema.`)];
};
