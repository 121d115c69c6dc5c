import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findRunningPostgres, startEmbeddedPostgres } from '@guildhall/testkit';
import { expect, test, vi } from 'vitest';
import { removeLeftovers, scratchFolder, testRunVariable } from '../support/scratch-folders.ts';

/** No process has this id: it is above the largest that Linux gives. */
const endedRun = 2 ** 22 + 1;

test('a server that a test run did not stop is stopped and removed with the run, and no other run loses anything', async () => {
  const ours = scratchFolder('ours');
  vi.stubEnv(testRunVariable, String(endedRun));
  const left = scratchFolder('left over');
  vi.unstubAllEnvs();
  const server = await startEmbeddedPostgres({ dataFolder: join(left, 'postgres'), isDurable: false });
  expect(findRunningPostgres(join(left, 'postgres'))).toBeGreaterThan(0);
  await removeLeftovers((runId) => runId === endedRun);
  expect(existsSync(left)).toBe(false);
  await server.stop();
  expect(existsSync(ours)).toBe(true);
});
