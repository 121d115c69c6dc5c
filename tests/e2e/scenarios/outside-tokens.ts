import { waitFor } from '@guildhall/testkit';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import type { TestIdentityProvider } from '../../../services/auth/test/contract/identity-provider.ts';
import type { TestStack } from '../../support/test-stack.ts';
import { must, signUp } from '../../support/users.ts';

export const outsideIssuerSettings = ({ issuer }: TestIdentityProvider): Readonly<Record<string, string>> => ({
  OUTSIDE_ISSUERS: JSON.stringify([{ issuer, audience: 'guildhall', permissions: ['workspace:read'] }]),
});

/** Access tokens that an outside issuer has signed, on a running stack. */
export const testOutsideTokens = (stackOf: () => TestStack, providerOf: () => TestIdentityProvider): void => {
  const query = async (statement: string, values: readonly string[]): Promise<void> => {
    const client = new Client({ connectionString: stackOf().stack.database.addresses?.auth.databaseUrl });
    await client.connect();
    await client.query(statement, [...values]);
    await client.end();
  };

  test('a token of an outside issuer acts for the account that is connected with its subject, as far as tokens may, until that is suspended', async () => {
    const { http, stack } = stackOf();
    const provider = providerOf();
    const { email, token: own } = await signUp(http, stack.mailFolder, 'Olga');
    provider.users.set('olga', { email });
    const token = await provider.accessTokenOf('olga');
    const list = async () => (await http.send('GET', '/v1/workspaces?mode=shared', { token })).status;
    // The address in common means nothing.
    expect(await list()).toBe(401);
    const userId = String((await must(http, 200, 'GET', '/v1/auth/me', { token: own }))['id']);
    await query('INSERT INTO auth.oauth_connections (user_id, provider, provider_user_id) VALUES ($1, $2, $3)', [
      userId,
      provider.issuer,
      'olga',
    ]);
    await waitFor(async () => (await list()) === 200, { what: 'the connected account to be found' });
    const refused = await http.send('POST', '/v1/communities', { token, body: { name: 'Not by a token' } });
    expect([refused.status, (await http.send('GET', '/v1/auth/me', { token })).status]).toEqual([403, 403]);
    const trail = async () => JSON.stringify((await must(http, 200, 'GET', '/v1/auth/me/events', { token: own }))['items']);
    await waitFor(async () => (await trail()).includes('"type":"token"'), { what: 'the refusal in the own trail' });
    await query("UPDATE auth.users SET status = 'suspended' WHERE id = $1", [userId]);
    await waitFor(async () => (await list()) === 401, { what: 'the suspended account to be refused' });
  });
};
