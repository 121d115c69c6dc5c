import { freshDatabase } from '@guildhall/testkit';
import type { Client, QueryResult } from 'pg';
import { beforeEach, test } from 'vitest';
import { openClient } from '../src/connection.ts';
import type { MigrationTarget } from '../src/target.ts';
import { folderOf, twoMigrations } from './fixtures.ts';

interface OpenDatabase {
  readonly url: string;
  readonly client: Client;
}

/** One database and one session for all files of a worker. */
const ofWorker = test.extend('library', { scope: 'worker' }, async ({}, { onCleanup }): Promise<OpenDatabase> => {
  const database = await freshDatabase({ services: [] });
  const client = await openClient(database.url);
  onCleanup(async () => {
    await client.end();
    await database.drop();
  });
  return { url: database.url, client };
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
  let open: OpenDatabase | undefined;
  ofWorker.beforeAll(({ library }) => void (open = library));
  const opened = (): OpenDatabase => {
    if (open === undefined) throw new Error('The database is there while tests run, not while they are defined.');
    return open;
  };
  const query = (sql: string) => opened().client.query<Record<string, unknown>>(sql);
  beforeEach(() => query('DROP SCHEMA IF EXISTS library CASCADE'));
  return {
    url: () => opened().url,
    client: () => opened().client,
    query,
    target: (files = twoMigrations) => ({ databaseUrl: opened().url, schema: 'library', folder: folderOf(files) }),
  };
};
