import type { Client, QueryResult } from 'pg';

type Before = (text: string) => Promise<void> | void;

const isSchemaChange = (text: string): boolean => /^(create|alter|drop)\b/i.test(text.trim());
const refused = (code: string, message: string): Error => Object.assign(new Error(message), { code });

/**
 * A session that treats transactions as CockroachDB does with `autocommit_before_ddl`: a schema change commits what is open
 * and leaves no transaction, COMMIT without one is ignored, BEGIN within one is an error. `before` runs ahead of each
 * statement and may throw in the server's place.
 */
export const autocommitDdl = (client: Client, before: Before = () => undefined): Client => {
  let isOpen = false;
  const query = async (text: string, values?: unknown[]): Promise<QueryResult> => {
    await before(text);
    const command = text.replace(/;$/, '').toUpperCase();
    if (command === 'BEGIN' && isOpen) throw refused('25001', 'there is already a transaction in progress');
    if ((command === 'COMMIT' || command === 'ROLLBACK') && !isOpen) return client.query('SELECT 1');
    if (isSchemaChange(text) && isOpen) {
      await client.query('COMMIT');
      isOpen = false;
    }
    const result = await client.query(text, values);
    if (command === 'BEGIN') isOpen = true;
    if (command === 'COMMIT' || command === 'ROLLBACK') isOpen = false;
    return result;
  };
  return { query } as unknown as Client;
};
