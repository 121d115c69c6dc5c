import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { showLogFile } from '@guildhall/testkit';
import { createHttpClient, type HttpClient } from '../../tools/demo/http-client.ts';
import type { StackOptions } from '../../tools/dev/stack-options.ts';
import { startStack, type Stack } from '../../tools/dev/stack.ts';
import { removeScratchFolder, scratchFolder } from './scratch-folders.ts';

export interface TestStack {
  readonly stack: Stack;
  readonly http: HttpClient;
  readonly dataFolder: string;
  close(): Promise<void>;
}

/**
 * Redis has sixteen databases; a test worker uses its own and leaves the first to others. Two stacks on the same queues
 * would take each other's events.
 */
export const queueUrl = (): string | undefined => {
  const given = process.env['TEST_QUEUE_URL'];
  if (given === undefined || !given.startsWith('redis')) return given;
  const own = new URL(given);
  own.pathname = `/${process.env['VITEST_POOL_ID'] ?? '1'}`;
  return own.href;
};

const serviceNames = ['gateway', 'auth', 'team-resources', 'audit'];

/** Has a failing test print the logs of a stack. Returns a function that keeps them before the stack's folder is removed. */
export const showServiceLogs = (dataFolder: string): (() => void) => {
  const keeps = serviceNames.map((name) => showLogFile(name, join(dataFolder, 'logs', `${name}.log`)));
  return () => keeps.forEach((keep) => keep());
};

export interface TestStackOptions {
  readonly ports?: NonNullable<StackOptions['ports']>;
  /** Stops a stack that is still starting. */
  readonly signal?: AbortSignal;
  /** Starts the services without the address of a database. */
  readonly isConnectedLater?: boolean;
}

/** Reads the token of this machine's user, which a gateway has written at its start. */
export const readLocalToken = (file: string): string => readFileSync(file, 'utf8').trim();

/** The whole stack on a new database, with the queue that TEST_QUEUE_URL names or the embedded one. */
export const startTestStack = async (
  env: Readonly<Record<string, string>> = {},
  { isConnectedLater = false, ports = {}, signal }: TestStackOptions = {},
): Promise<TestStack> => {
  const dataFolder = scratchFolder('e2e');
  const keepLogs = showServiceLogs(dataFolder);
  try {
    const stack = await startStack({
      dataFolder,
      ports,
      queueUrl: queueUrl(),
      isConnectedLater,
      isDurable: true,
      ...(signal === undefined ? {} : { signal }),
      env: { BCRYPT_COST: '4', SIGN_INS_PER_MINUTE_MAX: '10000', ...env },
    });
    const http = createHttpClient(stack.urls.gateway, () => {}, readLocalToken(join(dataFolder, 'keys', 'local-token')));
    const close = async (): Promise<void> => {
      await stack.close();
      keepLogs();
      await removeScratchFolder(dataFolder);
    };
    return { stack, http, dataFolder, close };
  } catch (error) {
    await removeScratchFolder(dataFolder);
    throw error;
  }
};
