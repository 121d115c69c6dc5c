import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repositoryRoot } from '../source/repository.ts';

export type StackDatabase = 'postgres' | 'cockroach';

export interface ComposeParts {
  readonly project: string;
  readonly folder: string;
  readonly database: StackDatabase;
  /** With the profile `proxy`: two gateways, and the proxy before them. */
  readonly hasProxy?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs docker compose on one stack. */
export interface Compose {
  /** Rejects when the command fails; its output goes to the terminal, or nowhere where `isQuiet`. */
  run(args: readonly string[], isQuiet?: boolean): Promise<void>;
  /** Returns what the command prints, whether it fails or not. */
  read(args: readonly string[]): string;
}

const lookMsMax = 20_000;
const answers = (program: string, ...args: readonly string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore', timeout: lookMsMax }).status === 0;

/** The command of docker compose on this machine: its plugin, or the older program. Throws an Error that says what is missing. */
export const findCompose = (instead = 'make up needs neither.'): readonly [string, ...string[]] => {
  if (!answers('docker', '--version')) throw new Error(`docker is not installed. ${instead}`);
  if (!answers('docker', 'info')) throw new Error(`No docker engine answers. ${instead}`);
  if (answers('docker', 'compose', 'version')) return ['docker', 'compose'];
  if (answers('docker-compose', '--version')) return ['docker-compose'];
  throw new Error(`docker has no compose. ${instead}`);
};

export const openCompose = ({ project, folder, database, hasProxy = false, env = {} }: ComposeParts): Compose => {
  const [program, ...before] = findCompose();
  const all = (args: readonly string[]): readonly string[] => [
    ...before,
    '--project-name',
    project,
    '--file',
    join(repositoryRoot, 'docker-compose.yml'),
    '--profile',
    database,
    ...(hasProxy ? ['--profile', 'proxy'] : []),
    ...args,
  ];
  const options = { cwd: repositoryRoot, env: { ...process.env, ...env, STACK_FOLDER: folder } };
  return {
    async run(args, isQuiet = false) {
      const child = spawn(program, all(args), { ...options, stdio: ['ignore', isQuiet ? 'ignore' : 'inherit', 'inherit'] });
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
      if (code !== 0) throw new Error(`docker compose ${args.join(' ')} ended with ${code ?? signal}.`);
    },
    read(args) {
      const { stdout, stderr } = spawnSync(program, all(args), { ...options, encoding: 'utf8' });
      return `${stdout}${stderr}`;
    },
  };
};
