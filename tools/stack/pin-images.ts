import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '@guildhall/files';
import { repositoryRoot } from '../source/repository.ts';

/** The images that docker-compose.yml takes from a registry, by the setting that names another. */
export const pinnedImages = {
  NODE_IMAGE: 'node:26-slim',
  POSTGRES_IMAGE: 'postgres:18',
  VALKEY_IMAGE: 'valkey/valkey:8',
  NGINX_IMAGE: 'nginx:1.28',
} as const satisfies Readonly<Record<string, string>>;

/** The text of an `.env` with these settings: their lines are replaced, all others stay. */
export const withSettings = (text: string, settings: Readonly<Record<string, string>>): string => {
  const others = text
    .split('\n')
    .filter((line) => line !== '' && !Object.keys(settings).some((name) => line.startsWith(`${name}=`)));
  return `${[...others, ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)].join('\n')}\n`;
};

/** An image by tag and digest (OCI Distribution Specification, section 2.1), as `docker image inspect` tells its digests. Throws an Error for one that no registry has given. */
export const byDigest = (image: string, repoDigests: readonly string[]): string => {
  const [repository = ''] = image.split(':');
  const digest = repoDigests
    .map((one) => one.split('@'))
    .find(([name]) => name === repository || name === `docker.io/library/${repository}`)?.[1];
  if (digest === undefined) throw new Error(`${image} has no digest: it was not fetched from a registry.`);
  return `${image}@${digest}`;
};

const docker = (...args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`docker ${args.join(' ')} failed: ${stderr.trim()}`);
  return stdout;
};

/** Fetches every image, and writes its digest into `.env`: from then on exactly these are started. Returns what was written. */
export const pinImages = (): Readonly<Record<string, string>> => {
  const settings = Object.fromEntries(
    Object.entries(pinnedImages).map(([name, image]) => {
      docker('pull', '--quiet', image);
      const found = JSON.parse(docker('image', 'inspect', '--format', '{{json .RepoDigests}}', image)) as readonly string[];
      return [name, byDigest(image, found)];
    }),
  );
  const file = join(repositoryRoot, '.env');
  writeFileAtomically(file, withSettings(existsSync(file) ? readFileSync(file, 'utf8') : '', settings), { mode: 0o644 });
  return settings;
};
