import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '@guildhall/files';
import { repositoryRoot } from '../source/repository.ts';
import type { Compose, StackDatabase } from './compose.ts';

/** The images that docker-compose.yml takes from a registry, by the setting that names another. */
export const baseImages = {
  NODE_IMAGE: 'node:26-slim',
  POSTGRES_IMAGE: 'postgres:18',
  VALKEY_IMAGE: 'valkey/valkey:8',
  NGINX_IMAGE: 'nginx:1.28',
  COCKROACH_IMAGE: 'cockroachdb/cockroach:v24.3.5',
} as const satisfies Readonly<Record<string, string>>;

/** The images that this repository makes, by the setting that names one of a registry instead. */
export const ownImages = {
  GATEWAY_IMAGE: 'gateway',
  AUTH_IMAGE: 'auth',
  TEAM_RESOURCES_IMAGE: 'team-resources',
  AUDIT_IMAGE: 'audit',
  CATCHER_IMAGE: 'mail-catcher',
} as const satisfies Readonly<Record<string, string>>;

export type Settings = Readonly<Record<string, string | undefined>>;

/** Returns an image by tag and digest, as OCI's Distribution Specification names digests. */
type DigestOf = (image: string) => string;

const otherDatabase = { postgres: 'COCKROACH_IMAGE', cockroach: 'POSTGRES_IMAGE' } as const;
const digestPattern = /@sha256:[0-9a-f]{64}$/;
const envFile = join(repositoryRoot, '.env');

/** The settings of an `.env`. */
export const settingsIn = (text: string): Settings =>
  Object.fromEntries(
    [...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value = '']) => [name, value.trim().replace(/^(['"])(.*)\1$/, '$2')]),
  );

/** The text of an `.env` with these settings: their lines are replaced, all others stay. */
export const withSettings = (text: string, settings: Readonly<Record<string, string>>): string => {
  const others = text
    .split('\n')
    .filter((line) => line !== '' && !Object.keys(settings).some((name) => line.startsWith(`${name}=`)));
  return `${[...others, ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)].join('\n')}\n`;
};

const readEnvFile = (): string => (existsSync(envFile) ? readFileSync(envFile, 'utf8') : '');
/** The variables of docker-compose.yml: from the environment, or else from the file `.env` beside it. */
const composeSettings = (): Settings => ({ ...settingsIn(readEnvFile()), ...process.env });

/** The name of an image without its tag. A port is part of the name: `localhost:5000/node`. */
const repositoryOf = (image: string): string => image.replace(/:[^/:]*$/, '');

/** An image by tag and digest, as `docker image inspect` tells its digests. Throws an Error for one that no registry has given. */
export const byDigest = (image: string, repoDigests: readonly string[]): string => {
  const repository = repositoryOf(image);
  const digest = repoDigests
    .map((one) => one.split('@'))
    .find(([name]) => name === repository || name === `docker.io/library/${repository}`)?.[1];
  if (digest === undefined) throw new Error(`${image} has no digest: it was not fetched from a registry.`);
  return `${image}@${digest}`;
};

/** The tags that are looked up anew: of a setting that names another image, or of the one that is taken without. Throws an Error for an image that is named by its digest alone. */
export const tagsToPin = (settings: Settings, database: StackDatabase): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(baseImages)
      .filter(([name]) => name !== otherDatabase[database])
      .map(([name, usual]) => {
        const image = settings[name] || usual;
        const tag = image.split('@')[0] ?? '';
        if (repositoryOf(tag) === tag && tag !== image)
          throw new Error(`${name} has no tag to look for: write one before the digest.`);
        return [name, tag];
      }),
  );

/** The images of the services by their digests, where settings name them; null where they are built here. Throws an Error for some of both, and for a name without a digest. */
export const ownImagesIn = (settings: Settings): readonly string[] | null => {
  const names = Object.keys(ownImages);
  const missing = names.filter((name) => !settings[name]);
  if (missing.length === names.length) return null;
  if (missing.length > 0) throw new Error(`${missing.join(', ')} must be set, too: the services are of one version.`);
  const loose = names.filter((name) => !digestPattern.test(settings[name] ?? ''));
  if (loose.length > 0) throw new Error(`${loose.join(', ')} must name a digest: make stack-push prints the lines.`);
  return [...new Set(names.map((name) => settings[name] ?? ''))];
};

const docker = (...args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`docker ${args.join(' ')} failed: ${stderr.trim()}`);
  return stdout;
};

const isHere = (image: string): boolean => spawnSync('docker', ['image', 'inspect', image], { stdio: 'ignore' }).status === 0;

const digestHere: DigestOf = (image) =>
  byDigest(image, JSON.parse(docker('image', 'inspect', '--format', '{{json .RepoDigests}}', image)) as readonly string[]);

/** Fetches every base image by its tag, and writes its digest into `.env`: from then on exactly these are started and built upon. Returns what was written. */
export const pinImages = (database: StackDatabase): Readonly<Record<string, string>> => {
  const settings = Object.fromEntries(
    Object.entries(tagsToPin(composeSettings(), database)).map(([name, tag]) => {
      docker('pull', '--quiet', tag);
      return [name, digestHere(tag)];
    }),
  );
  writeFileAtomically(envFile, withSettings(readEnvFile(), settings), { mode: 0o644 });
  return settings;
};

/** Builds the images of the services, or fetches those that are named by digest and not here. Returns what was done. */
export const prepareImages = async (compose: Compose): Promise<string> => {
  const named = ownImagesIn(composeSettings());
  if (named === null) {
    await compose.run(['build', '--quiet']);
    return 'images are built';
  }
  for (const image of named) if (!isHere(image)) docker('pull', '--quiet', image);
  return 'images are here, by their digests';
};

/** Builds the images of the services, and sends them to a registry under a tag. Returns them by setting, with their digests. */
export const pushImages = async (compose: Compose, registry: string, tag: string): Promise<Readonly<Record<string, string>>> => {
  if (ownImagesIn(composeSettings()) !== null)
    throw new Error(`What .env names by digest is not built here: take ${Object.keys(ownImages).join(', ')} out of it.`);
  await compose.run(['build', '--quiet']);
  return Object.fromEntries(
    Object.entries(ownImages).map(([name, image]) => {
      const target = `${registry}/${image}:${tag}`;
      docker('tag', `guildhall/${image}:local`, target);
      docker('push', target);
      return [name, digestHere(target)];
    }),
  );
};
