import { freshDatabase } from '@guildhall/testkit';
import { sharedByWorker } from '@guildhall/testkit/shared-by-worker';
import type { Client, QueryResult } from 'pg';
import { beforeEach } from 'vitest';
import { openClient } from '../src/connection.ts';
import type { MigrationTarget } from '../src/target.ts';
import { folderOf, twoMigrations } from './fixtures.ts';

const useOfWorker = sharedByWorker({
  open: async () => {
    const database = await freshDatabase({ services: [] });
    return { database, client: await openClient(database.url) };
  },
  close: async ({ database, client }) => {
    await client.end();
    await database.drop();
  },
});

export interface LibraryDatabase {
  readonly url: () => string;
  /** A session that is open for as long as the worker: a test leaves none of its settings changed. */
  readonly client: () => Client;
  readonly query: (sql: string) => Promise<QueryResult<Record<string, unknown>>>;
  /** The schema `library` and a folder of these files. */
  readonly target: (files?: Readonly<Record<string, string>>) => MigrationTarget;
}

/** A database in which there is no schema `library` when a test begins. */
export const useLibraryDatabase = (): LibraryDatabase => {
  const opened = useOfWorker();
  const query = (sql: string) => opened.client.query<Record<string, unknown>>(sql);
  beforeEach(() => query('DROP SCHEMA IF EXISTS library CASCADE'));
  return {
    url: () => opened.database.url,
    client: () => opened.client,
    query,
    target: (files = twoMigrations) => ({ databaseUrl: opened.database.url, schema: 'library', folder: folderOf(files) }),
  };
};
