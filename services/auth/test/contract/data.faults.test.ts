import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const look = async () => {
  const headers = await fixture.asPrincipal({ userId: randomUUID(), permissions: ['data:read'] });
  const { status, body } = await fixture.ask<{ code?: string }>('GET', '/internal/data/tables/users/rows', { headers });
  return [status, body.code];
};

test('a page that the database does not answer within two seconds is refused, and the next one is answered', async () => {
  const client = new Client({ connectionString: fixture.database?.url });
  await client.connect();
  await client.query('BEGIN');
  await client.query('LOCK TABLE auth.users IN ACCESS EXCLUSIVE MODE');
  const refused = await look();
  await client.query('ROLLBACK');
  await client.end();
  expect([refused, await look()]).toEqual([
    [422, 'UNPROCESSABLE'],
    [200, undefined],
  ]);
});
