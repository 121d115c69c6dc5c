import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../source/repository.ts';

const files = 'services/{auth,team-resources,audit}/test/contract/*.test.ts';
/** Sends many requests for one thing at once. `Promise.all` over two or three is in most suites, and races hardly ever. */
const manyAtOnce = /\b(?:atOnce|timesAtOnce)\b/;

/** The suites of races that have ways of their own to begin at once. */
const others = [
  'services/audit/test/contract/queue.test.ts',
  'services/audit/test/contract/sequencing.test.ts',
  'services/auth/test/contract/setup-token.test.ts',
];

/** The contract suites that race: what isolation changes shows there or nowhere. Relative to the root. */
export const concurrentSuites = (): readonly string[] => [
  ...globSync(files, { cwd: repositoryRoot, exclude: ['**/*.faults.test.ts'] }).filter((file) =>
    manyAtOnce.test(readFileSync(path.join(repositoryRoot, file), 'utf8')),
  ),
  ...others,
];
