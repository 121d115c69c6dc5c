import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** A CockroachDB that was started for this run. */
export interface CockroachNode {
  readonly url: string;
  stop(): void;
}

/** The error of a machine that cannot start a node. Its message says what is missing. */
export class Missing extends Error {}

const root = path.resolve(import.meta.dirname, '../..');
const lookSecondsMax = 20;
/** The image is some hundred megabytes. */
const startSecondsMax = 300;
const stopSecondsMax = 60;

const run = ([program = '', ...rest]: readonly string[], secondsMax: number, stdio: 'ignore' | 'inherit') =>
  spawnSync(program, rest, { cwd: root, stdio, timeout: secondsMax * 1_000 }).status === 0;

const answers = (...command: readonly string[]): boolean => run(command, lookSecondsMax, 'ignore');

const instead =
  'Set COCKROACH_URL to a server on which databases may be made and dropped, such as postgres://root@127.0.0.1:26257/defaultdb';

const findCompose = (): readonly string[] => {
  if (!answers('docker', '--version')) throw new Missing(`docker is not installed. ${instead}`);
  if (!answers('docker', 'info')) throw new Missing(`No docker engine answers. ${instead}`);
  if (answers('docker', 'compose', 'version')) return ['docker', 'compose'];
  if (answers('docker-compose', '--version')) return ['docker-compose'];
  throw new Missing(`docker has no compose. ${instead}`);
};

/** A project of its own, so that a stack of this file that is running is left alone. The example's values are used for nothing. */
const project = ['--project-name', 'guildhall-cockroach', '--env-file', 'infra/docker/example.env', '--profile', 'cockroach'];
const port = process.env['COCKROACH_PORT'] ?? '26257';

/** Starts a single node by docker-compose.yml. Throws Missing when there is no docker engine, or it cannot start it. */
export const startCockroachNode = (): CockroachNode => {
  const compose = [...findCompose(), ...project];
  const stop = (): void => void run([...compose, 'down', '--volumes'], stopSecondsMax, 'inherit');
  if (!run([...compose, 'up', '--detach', 'cockroach'], startSecondsMax, 'inherit')) {
    stop();
    throw new Missing(`docker could not start CockroachDB: it says why above. ${instead}`);
  }
  return { url: `postgres://root@127.0.0.1:${port}/defaultdb`, stop };
};
