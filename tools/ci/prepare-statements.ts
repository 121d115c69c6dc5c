import { existsSync, readFileSync } from 'node:fs';
import { freshDatabase } from '@guildhall/testkit';
import { Client } from 'pg';
import { sentFile, type Captured } from '../sql-check/capture-folder.ts';

export interface Prepared {
  /** How many statements the server understood. */
  readonly understood: number;
  /** The others, each with what the server says. */
  readonly faults: readonly string[];
}

/** Statements about transactions and sessions name no table, and cannot be prepared. */
const ofSession = /^\s*(?:BEGIN|COMMIT|RELEASE|ROLLBACK|SAVEPOINT|SET|SHOW|START)\b/i;

/** The statements that a service sends to its own tables; a lib's tests have tables of their own. Throws when there was no whole run. */
export const readSentStatements = (file = sentFile): readonly string[] => {
  if (!existsSync(file))
    throw new Error('The statements of a whole run of the tests are not there: run make test first, which writes them down.');
  const sent = JSON.parse(readFileSync(file, 'utf8')) as readonly Captured[];
  const ofServices = sent.filter(({ owner, text }) => !owner.startsWith('libs/') && !ofSession.test(text));
  return [...new Set(ofServices.map(({ text }) => text))];
};

const prepare = async (client: Client, text: string): Promise<string | null> => {
  try {
    await client.query(`PREPARE tried AS ${text}`);
    await client.query('DEALLOCATE tried');
    return null;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n    ${text.trim()}`;
  }
};

/** Has the server parse each statement and find its tables, columns, functions and types, on the migrated schemas. Runs none. */
export const prepareStatements = async (texts: readonly string[]): Promise<Prepared> => {
  const database = await freshDatabase({ services: ['auth', 'team-resources', 'audit'] });
  const client = new Client({ connectionString: database.url });
  const faults: string[] = [];
  try {
    await client.connect();
    for (const text of texts) {
      const fault = await prepare(client, text);
      if (fault !== null) faults.push(fault);
    }
  } finally {
    await client.end();
    await database.drop();
  }
  return { understood: texts.length - faults.length, faults };
};
