import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../source/repository.ts';
import { baseImages, byDigest, ownImages, ownImagesIn, settingsIn, tagsToPin, withSettings } from './images.ts';

const digest = `sha256:${'a'.repeat(64)}`;

test('docker-compose.yml takes these images from a registry, and makes these', () => {
  const text = readFileSync(join(repositoryRoot, 'docker-compose.yml'), 'utf8');
  const named = Object.fromEntries([...text.matchAll(/\$\{(\w+_IMAGE):-([^}]+)\}/g)].map(([, name, image]) => [name, image]));
  const own = Object.entries(ownImages).map(([name, image]) => [name, `guildhall/${image}:local`]);
  expect(named).toEqual({ ...baseImages, ...Object.fromEntries(own) });
  expect(text).not.toMatch(/^ +image: (?!\$\{)/m);
});

test('an image is pinned by the digest of its own repository, and one that was made here is refused', () => {
  expect(byDigest('postgres:18', [`mirror/postgres@sha256:${'b'.repeat(64)}`, `postgres@${digest}`])).toBe(
    `postgres:18@${digest}`,
  );
  expect(byDigest('valkey/valkey:8', [`valkey/valkey@${digest}`])).toBe(`valkey/valkey:8@${digest}`);
  expect(byDigest('localhost:5000/node:26-slim', [`localhost:5000/node@${digest}`])).toBe(
    `localhost:5000/node:26-slim@${digest}`,
  );
  expect(() => byDigest('node:26-slim', [])).toThrow('node:26-slim has no digest: it was not fetched from a registry.');
});

test('pinning looks up the tags that settings name, without the digests of the last time', () => {
  const settings = { NODE_IMAGE: `mirror.example.org:5000/node:26-slim@${digest}`, POSTGRES_IMAGE: '' };
  expect(tagsToPin(settings, 'postgres')).toEqual({
    NODE_IMAGE: 'mirror.example.org:5000/node:26-slim',
    POSTGRES_IMAGE: 'postgres:18',
    VALKEY_IMAGE: 'valkey/valkey:8',
    NGINX_IMAGE: 'nginx:1.28',
  });
  expect(Object.keys(tagsToPin({}, 'cockroach'))).toEqual(['NODE_IMAGE', 'VALKEY_IMAGE', 'NGINX_IMAGE', 'COCKROACH_IMAGE']);
  expect(() => tagsToPin({ NODE_IMAGE: `mirror.example.org:5000/node@${digest}` }, 'postgres')).toThrow(
    'NODE_IMAGE has no tag to look for',
  );
});

test('services are built here, or every one is named by its digest', () => {
  const all = Object.fromEntries(Object.entries(ownImages).map(([name, image]) => [name, `mirror/${image}:0.1.0@${digest}`]));
  expect(ownImagesIn({ AUTH_IMAGE: '' })).toBeNull();
  expect(ownImagesIn(all)).toEqual(Object.values(all));
  expect(() => ownImagesIn({ ...all, AUDIT_IMAGE: '' })).toThrow(
    'AUDIT_IMAGE must be set, too: the services are of one version.',
  );
  expect(() => ownImagesIn({ ...all, AUTH_IMAGE: 'mirror/auth:0.1.0' })).toThrow('AUTH_IMAGE must name a digest');
});

test('pins replace their own lines of .env, and leave the others', () => {
  const before = 'LOG_LEVEL=info\nNODE_IMAGE=node:26-slim@sha256:old\n# by hand\n';
  expect(withSettings(before, { NODE_IMAGE: 'new', VALKEY_IMAGE: 'v' })).toBe(
    'LOG_LEVEL=info\n# by hand\nNODE_IMAGE=new\nVALKEY_IMAGE=v\n',
  );
  expect(withSettings('', { NODE_IMAGE: 'n' })).toBe('NODE_IMAGE=n\n');
  expect(settingsIn('# A_IMAGE=x\nMAIL_FROM="A <a@example.org>"\nNODE_IMAGE=n\n')).toEqual({
    MAIL_FROM: 'A <a@example.org>',
    NODE_IMAGE: 'n',
  });
});
