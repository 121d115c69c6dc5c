import { join } from 'node:path';
import { removeEmbeddedPostgres } from '@guildhall/testkit';
import { createHttpClient, type HttpClient } from '../../tools/demo/http-client.ts';
import { choosePort } from '../../tools/dev/ports.ts';
import { databaseName, ensureDatabase } from '../../tools/dev/shared-database.ts';
import { startStack, type Stack } from '../../tools/dev/stack.ts';
import { startDatabaseProcess, type DatabaseProcess } from './database-process.ts';
import { startProxyProcess, type ProxyProcess } from './proxy-process.ts';
import { removeScratchFolder, scratchFolder } from '../support/scratch-folders.ts';
import { queueUrl, readLocalToken, showServiceLogs } from '../support/test-stack.ts';

/** The whole stack, whose services reach their database, and the queue in it, by way of a proxy that plays faults. */
export interface OutageStack {
  readonly stack: Stack;
  readonly http: HttpClient;
  readonly proxy: ProxyProcess;
  readonly server: DatabaseProcess;
  /** The database itself, past the proxy. */
  readonly databaseUrl: string;
  close(): Promise<void>;
}

export const serviceProcessNames = ['gateway', 'auth', 'team-resources', 'audit'] as const;

const environment = { BCRYPT_COST: '4', SIGN_INS_PER_MINUTE_MAX: '10000', REQUESTS_PER_MINUTE_MAX: '1000000' };

export const startOutageStack = async (): Promise<OutageStack> => {
  const dataFolder = scratchFolder('outage');
  const keepLogs = showServiceLogs(dataFolder);
  const ends: (() => Promise<void>)[] = [() => removeScratchFolder(dataFolder), async () => keepLogs()];
  const close = async (): Promise<void> => {
    for (const end of ends.toReversed()) await end();
  };
  try {
    const { port } = await choosePort('PostgreSQL', 0);
    const folder = join(dataFolder, 'server');
    ends.push(() => removeEmbeddedPostgres(folder));
    const server = await startDatabaseProcess({ dataFolder: folder, port });
    ends.push(() => server.close());
    await ensureDatabase(server.url());
    const databaseUrl = server.url(databaseName);
    const proxy = await startProxyProcess({ host: '127.0.0.1', port });
    ends.push(() => proxy.close());
    const viaProxy = proxy.url(databaseUrl);
    const env = { ...environment, DATABASE_URL: viaProxy, QUEUE_URL: queueUrl() ?? viaProxy };
    const stack = await startStack({ dataFolder, databaseUrl, env });
    ends.push(() => stack.close());
    return {
      stack,
      http: createHttpClient(stack.urls.gateway, () => {}, readLocalToken(join(dataFolder, 'keys', 'local-token'))),
      proxy,
      server,
      databaseUrl,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
