import { readFileSync } from 'node:fs';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { waitFor } from '@guildhall/testkit';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import type { Mailbox } from '../../../services/auth/test/contract/mailbox.ts';
import type { HttpClient } from '../../../tools/demo/http-client.ts';
import type { TestStack } from '../../support/test-stack.ts';
import { must } from '../../support/users.ts';

const newEmail = (name: string): string => `${name}-${randomUUID().slice(0, 8)}@example.test`;

/** Registers with the code of a mail, and signs in. Returns the access token. */
const signUp = async (
  http: HttpClient,
  mailbox: Mailbox,
  displayName: string,
  email: string,
  mailsBefore = 0,
): Promise<string> => {
  const password = randomBytes(18).toString('base64url');
  const { codeToken } = await must(http, 202, 'POST', '/v1/auth/register', { body: { email, password, displayName } });
  const { text } = await mailbox.nthTo(email, mailsBefore + 1);
  const code = /Your code is (\d{8})/.exec(text)?.[1] ?? '';
  await must(http, 200, 'POST', '/v1/auth/codes/verify', { body: { email, purpose: 'verify_email', codeToken, code } });
  const tokens = await must(http, 200, 'POST', '/v1/auth/login', { body: { email, password } });
  return String(tokens['accessToken']);
};

const tokenIn = (text: string): string => /\/#\/invites\/([\w-]{43})/.exec(text)?.[1] ?? '';

/** Every row of every table of a database, as one text. */
const wholeDatabase = async (url: string): Promise<string> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ query: string }>(`
      SELECT format('SELECT to_jsonb(t)::text AS row FROM %I.%I AS t', table_schema, table_name) AS query
      FROM information_schema.tables
      WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`);
    const texts: string[] = [];
    for (const { query } of rows) texts.push(...(await client.query<{ row: string }>(query)).rows.map(({ row }) => row));
    return texts.join('\n');
  } finally {
    await client.end();
  }
};

/** Invites by mail, on a stack whose mails go to a real SMTP server. */
export const testInviteMails = (stackOf: () => TestStack, mailboxOf: () => Mailbox): void => {
  test('an invite by address: the mail brings the link, which is accepted; it is sent again; nobody else ever learns the token', async () => {
    const [{ http, stack, dataFolder }, mailbox] = [stackOf(), mailboxOf()];
    const ada = await signUp(http, mailbox, 'Ada', newEmail('ada'));
    const community = await must(http, 201, 'POST', '/v1/communities', { token: ada, body: { name: 'Night shift' } });
    const invites = `/v1/communities/${String(community['id'])}/invites`;
    const email = newEmail('ben');
    const invite = await must(http, 201, 'POST', invites, { token: ada, body: { role: 'moderator', email } });
    expect(invite['delivery']).toBe('waiting');
    const { text } = await mailbox.nthTo(email, 1);
    expect(text).toContain('Ada invites you to the community “Night shift” with the role moderator.');
    const token = tokenIn(text);
    expect(token).toBe(invite['token']);
    const deliveryOf = async (id: unknown): Promise<unknown> => {
      const { items } = (await must(http, 200, 'GET', invites, { token: ada })) as { items?: Record<string, unknown>[] };
      return items?.find((each) => each['id'] === id)?.['delivery'];
    };
    await waitFor(async () => (await deliveryOf(invite['id'])) === 'sent', { what: 'the invite to show its mail as sent' });

    const again = await must(http, 200, 'POST', `${invites}/${String(invite['id'])}/send`, { token: ada });
    expect(again['delivery']).toBe('waiting');
    expect(tokenIn((await mailbox.nthTo(email, 2)).text)).toBe(token);
    const everything = [
      await wholeDatabase(stack.database.url()),
      ...['gateway', 'auth', 'team-resources', 'audit'].map((name) =>
        readFileSync(join(dataFolder, 'logs', `${name}.log`), 'utf8'),
      ),
    ].join('\n');
    expect(everything).toContain(String(invite['id']));
    expect(everything).not.toContain(token);

    const ben = await signUp(http, mailbox, 'Ben', email, 2);
    const joined = await must(http, 200, 'POST', '/v1/invites/accept', { token: ben, body: { token } });
    expect(joined).toMatchObject({ id: community['id'], role: 'moderator' });

    mailbox.refuse(true, 550, 'receiver');
    const wrong = await must(http, 201, 'POST', invites, { token: ada, body: { role: 'member', email: newEmail('nobody') } });
    await waitFor(async () => (await deliveryOf(wrong['id'])) === 'refused', {
      what: 'the invite to show that its mail is refused',
    });
    mailbox.refuse(false);
  });
};
