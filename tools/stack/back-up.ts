import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../source/repository.ts';
import type { StackContainers } from './roll.ts';

/** The services of which one has the database, by the profile of the stack. */
const databases = ['postgres', 'cockroach-1'] as const;

/** The container of the database. Rejects when none runs. */
export const databaseContainer = async ({ running }: Pick<StackContainers, 'running'>): Promise<string> => {
  const [id] = (await Promise.all(databases.map((service) => running(service)))).flat();
  if (id === undefined) throw new Error('No database of the stack runs here: make stack-up starts it.');
  return id;
};

/** The administrator's address in the secrets of a stack. */
export const adminUrlIn = (folder: string): string => readFileSync(join(folder, 'secrets', 'database-admin-url'), 'utf8');

/** An address of the database as this machine reaches it: at the container's own address, as its port is not published. */
export const reachedFromHere = (databaseUrl: string, address: string): string => {
  const url = new URL(databaseUrl.trim());
  url.hostname = address;
  return url.href;
};

/** Runs `make backup` on the database of a stack, by the administrator's address. Rejects when no database runs, or it fails. */
export const backUpStack = async (
  containers: Pick<StackContainers, 'running' | 'addressOf'>,
  folder: string,
  args: readonly string[],
): Promise<void> => {
  const id = await databaseContainer(containers);
  const child = spawn(process.execPath, [join(repositoryRoot, 'tools', 'dev', 'backup.ts'), ...args], {
    stdio: 'inherit',
    env: { ...process.env, DATABASE_URL: reachedFromHere(adminUrlIn(folder), await containers.addressOf(id)) },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error('The backup failed.');
};
