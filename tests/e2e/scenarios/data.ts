import { serviceSchemas, type DataTables } from '@guildhall/contracts';
import { waitFor } from '@guildhall/testkit';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import type { TestStack } from '../../support/test-stack.ts';
import { must, signUp } from '../../support/users.ts';

type Table = DataTables['services'][number]['tables'][number];

/** The values of the secret columns of a table, as the database shows them; short ones, such as numbers, prove nothing. */
const secretsIn = async (client: Client, schema: string, { name, secretColumns }: Table): Promise<readonly string[]> => {
  const found = await Promise.all(
    secretColumns.map((column) =>
      client.query<{ secret: string }>(`SELECT "${column}"::text AS secret FROM ${schema}.${name} LIMIT 200`),
    ),
  );
  return found.flatMap(({ rows }) => rows.map(({ secret }) => secret)).filter((secret) => secret !== null && secret.length > 12);
};

/** The secret of a ballot is whose it is: its columns are ids that stand elsewhere, too. */
const linkTable = 'poll_ballots';

/** Tests what an owner sees of the tables of a stack: all of them, and no secret. */
export const testData = (stackOf: () => TestStack): void => {
  test('every table of every service can be looked into, no secret is in any answer, and each look is in the trail', async () => {
    const { http, stack } = stackOf();
    const { email, password } = await signUp(http, stack.mailFolder, 'Dora');
    const client = new Client({ connectionString: stack.database.url() });
    await client.connect();
    await client.query(
      `INSERT INTO auth.user_roles (user_id, role) SELECT id, 'owner' FROM auth.users WHERE email = $1 ON CONFLICT DO NOTHING`,
      [email],
    );
    const { accessToken } = await must(http, 200, 'POST', '/v1/auth/login', { body: { email, password } });
    const token = String(accessToken);
    const { services, unread } = (await must(http, 200, 'GET', '/v1/data/tables', { token })) as unknown as DataTables;
    expect([services.map(({ service }) => service), unread]).toEqual([['auth', 'team-resources', 'audit', 'solo'], []]);
    const answers: string[] = [];
    const secrets: string[] = [];
    for (const { service, tables } of services) {
      for (const table of tables) {
        const sort = table.columns.some(({ name }) => name === 'created_at') ? '&sort=created_at&order=desc' : '';
        const path = `/v1/data/${service}/${table.name}/rows?limit=100${sort}`;
        answers.push(JSON.stringify(await must(http, 200, 'GET', path, { token })));
        if (service !== 'solo' && table.name !== linkTable)
          secrets.push(...(await secretsIn(client, serviceSchemas[service], table)));
      }
    }
    await client.end();
    const ballots = services.flatMap(({ tables }) => tables).find(({ name }) => name === linkTable);
    expect(ballots?.secretColumns).toEqual(['created_by', 'option_numbers', 'poll_elector_id']);
    expect([answers.length > 70, secrets.length > 10]).toEqual([true, true]);
    expect(secrets.filter((secret) => answers.some((answer) => answer.includes(secret)))).toEqual([]);
    const looks = async () => (await must(http, 200, 'GET', '/v1/audit/events?action=data.read&limit=100', { token }))['items'];
    const names = async () => ((await looks()) as { resource: { name: string } }[]).map(({ resource }) => resource.name);
    await waitFor(async () => (await names()).includes('auth.users') && (await names()).includes('team-resources.scripts'));
    expect(await names()).toContain('audit.audit_events');
  });
};
