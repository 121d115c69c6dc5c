import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { findCompose } from '../stack/compose.ts';

/** A CockroachDB that was started for this run. */
export interface CockroachNode {
  readonly url: string;
  stop(): void;
}

/** The error of a machine that cannot start a node. Its message says what is missing. */
export class Missing extends Error {}

const root = path.resolve(import.meta.dirname, '../..');
/** The image is some hundred megabytes. */
const startSecondsMax = 300;
const stopSecondsMax = 60;

const run = ([program = '', ...rest]: readonly string[], secondsMax: number, stdio: 'ignore' | 'inherit') =>
  spawnSync(program, rest, { cwd: root, stdio, timeout: secondsMax * 1_000 }).status === 0;

const instead =
  'Set COCKROACH_URL to a server on which databases may be made and dropped, such as postgres://root@127.0.0.1:26257/defaultdb';

const composeOrMissing = (): readonly string[] => {
  try {
    return findCompose(instead);
  } catch (error) {
    throw new Missing(error instanceof Error ? error.message : String(error));
  }
};

/** A project of its own, so that a stack of this file that is running is left alone. The example's values are used for nothing. */
const project = [
  '--project-name',
  'guildhall-cockroach',
  '--env-file',
  'infra/docker/example.env',
  '--profile',
  'test-cockroach',
];
const port = process.env['COCKROACH_PORT'] ?? '26257';

/** Starts a single node by docker-compose.yml. Throws Missing when there is no docker engine, or it cannot start it. */
export const startCockroachNode = (): CockroachNode => {
  const compose = [...composeOrMissing(), ...project];
  const stop = (): void => void run([...compose, 'down', '--volumes'], stopSecondsMax, 'inherit');
  if (!run([...compose, 'up', '--detach', 'cockroach'], startSecondsMax, 'inherit')) {
    stop();
    throw new Missing(`docker could not start CockroachDB: it says why above. ${instead}`);
  }
  return { url: `postgres://root@127.0.0.1:${port}/defaultdb`, stop };
};
