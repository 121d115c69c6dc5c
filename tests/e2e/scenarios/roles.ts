import { serviceNames, type ServiceName } from '@guildhall/contracts';
import { Client } from 'pg';
import { describe, expect, test } from 'vitest';
import type { TestStack } from '../../support/test-stack.ts';

const tables: Readonly<Record<ServiceName, string>> = {
  auth: 'auth.users',
  'team-resources': 'team.communities',
  audit: 'audit.audit_events',
};
const addressOf = ({ stack }: TestStack, service: ServiceName) => {
  const address = stack.database.addresses?.[service];
  if (address === undefined) throw new Error(`${service} has no address.`);
  return address;
};

/** Runs a statement as the user of this address. Returns the SQLSTATE of an error, or the number of rows. */
const answerTo = async (url: string, statement: string): Promise<unknown> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rowCount;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  } finally {
    await client.end();
  }
};

const insufficientPrivilege = '42501';

/** Tests that the role of each service reaches its own tables in the shared database, and nothing else. */
export const testRoles = (stackOf: () => TestStack): void => {
  describe.each(serviceNames)('logged in as the role of %s', (service) => {
    test('one reads its own tables and is refused by those of every other', async () => {
      const { databaseUrl } = addressOf(stackOf(), service);
      const answers = await Promise.all(
        serviceNames.map((other) => answerTo(databaseUrl, `SELECT id FROM ${tables[other]} LIMIT 0`)),
      );
      expect(answers).toEqual(serviceNames.map((other) => (other === service ? 0 : insufficientPrivilege)));
    });

    test('one makes no schema, no role, nothing in a schema of others, and reads nobody’s password', async () => {
      const { databaseUrl } = addressOf(stackOf(), service);
      const statements = [
        'CREATE SCHEMA mine',
        'CREATE ROLE mine',
        'CREATE TABLE public.mine (id int8)',
        'SELECT rolpassword FROM pg_authid',
      ];
      for (const statement of statements)
        expect([statement, await answerTo(databaseUrl, statement)]).toEqual([statement, insufficientPrivilege]);
    });
  });

  test('the role of the queue is refused by every table of a service', async () => {
    const { queueUrl } = addressOf(stackOf(), 'audit');
    if (!queueUrl.startsWith('postgres')) return;
    const answers = await Promise.all(
      serviceNames.map((service) => answerTo(queueUrl, `SELECT id FROM ${tables[service]} LIMIT 0`)),
    );
    expect(answers).toEqual(serviceNames.map(() => insufficientPrivilege));
  });
};
