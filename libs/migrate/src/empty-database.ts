import { randomBytes } from 'node:crypto';
import { detectEngine } from '@guildhall/engine';
import { identifier } from './names.ts';
import { withClient } from './postgres.ts';

/** Creates an empty database on the server, and drops it after `use` in any case. */
export const withEmptyDatabase = async <T>(serverUrl: string, use: (databaseUrl: string) => Promise<T>): Promise<T> => {
  const name = identifier(`guildhall_empty_${randomBytes(6).toString('hex')}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await withClient(serverUrl, (client) => client.query(`CREATE DATABASE ${name}`));
  try {
    return await use(url.href);
  } finally {
    await withClient(serverUrl, async (client) => client.query((await detectEngine(client)).dropDatabase(name)));
  }
};
