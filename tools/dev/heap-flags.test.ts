import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { heapFlags } from './service-process.ts';

test('a container starts a service with the heap flags that make up does', () => {
  const dockerfile = readFileSync(path.resolve(import.meta.dirname, '../../infra/docker/service.Dockerfile'), 'utf8');
  expect(dockerfile).toContain(`exec node ${heapFlags.join(' ')} $MAIN`);
});
