import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../source/repository.ts';
import { byDigest, pinnedImages, withSettings } from './pin-images.ts';

test('docker-compose.yml takes these images, and no other but CockroachDB from a registry', () => {
  const text = readFileSync(join(repositoryRoot, 'docker-compose.yml'), 'utf8');
  const named = [...text.matchAll(/\$\{(\w+_IMAGE):-([^}]+)\}/g)].map(([, name, image]) => [name, image]);
  const { COCKROACH_IMAGE: _tried, ...taken } = Object.fromEntries(named) as Record<string, string>;
  expect(taken).toEqual(pinnedImages);
});

test('an image is pinned by the digest of its own repository, and one that was made here is refused', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  expect(byDigest('postgres:18', [`mirror/postgres@sha256:${'b'.repeat(64)}`, `postgres@${digest}`])).toBe(
    `postgres:18@${digest}`,
  );
  expect(byDigest('valkey/valkey:8', [`valkey/valkey@${digest}`])).toBe(`valkey/valkey:8@${digest}`);
  expect(() => byDigest('node:26-slim', [])).toThrow('node:26-slim has no digest: it was not fetched from a registry.');
});

test('pins replace their own lines of .env, and leave the others', () => {
  const before = 'LOG_LEVEL=info\nNODE_IMAGE=node:26-slim@sha256:old\n# by hand\n';
  expect(withSettings(before, { NODE_IMAGE: 'new', VALKEY_IMAGE: 'v' })).toBe(
    'LOG_LEVEL=info\n# by hand\nNODE_IMAGE=new\nVALKEY_IMAGE=v\n',
  );
  expect(withSettings('', { NODE_IMAGE: 'n' })).toBe('NODE_IMAGE=n\n');
});
