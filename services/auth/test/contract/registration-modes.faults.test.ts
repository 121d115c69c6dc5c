import { randomUUID } from 'node:crypto';
import { createPublisher } from '@guildhall/events';
import { createLog } from '@guildhall/http';
import { freshDatabase, identityOf, waitFor } from '@guildhall/testkit';
import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { afterEach, describe, expect, test } from 'vitest';
import { secondsAfter } from '../../src/core/random.ts';
import { problem, readSetupToken, startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture | undefined;
afterEach(async () => {
  await fixture?.close();
  fixture = undefined;
});

const log = createLog({ service: 'test', level: 'silent' });
const Count = uncheckedRow({ count: Type.Integer() });
const methods = {
  methods: ['password', 'otp', 'magic_link'],
  registration: 'open',
  providers: [],
  hasMailServer: true,
  isMailWorking: true,
  passwordRules: { bytesMin: 12, bytesMax: 72 },
};

describe('GET /v1/auth/methods', () => {
  test.each([['open'], ['invited'], ['closed']])('says that registration is %s', async (registration) => {
    fixture = await startFixture({ env: { REGISTRATION: registration } });
    expect(await fixture.ask('GET', '/v1/auth/methods')).toMatchObject({ status: 200, body: { ...methods, registration } });
  });
});

describe('closed registration', () => {
  test('refuses everyone but the first owner, who has the setup token', async () => {
    fixture = await startFixture({ env: { REGISTRATION: 'closed' } });
    const { register, newEmail, verify, logIn, setupTokenFile } = fixture;
    const refused = await register(newEmail());
    expect({ status: refused.status, body: refused.body }).toEqual({
      status: 403,
      body: problem(
        403,
        'FORBIDDEN',
        'Not allowed',
        'Registration is closed here. Ask whoever runs this installation for an account.',
      ),
    });
    const email = newEmail();
    const setupToken = await readSetupToken(setupTokenFile);
    expect((await register(email, { setupToken })).status).toBe(202);
    expect((await verify(email)).status).toBe(200);
    expect((await logIn(email)).status).toBe(200);
    expect((await register(newEmail(), { setupToken })).status).toBe(403);
  });
});

const inviteTo = (email: string, now: Date) => ({
  id: randomUUID(),
  kind: 'invite-mail' as const,
  occurredAt: now.toISOString(),
  payload: {
    inviteId: randomUUID(),
    email,
    role: 'member' as const,
    communityName: 'Readers',
    inviterName: 'Olive',
    expiresAt: secondsAfter(now, 3600).toISOString(),
  },
});

describe('registration for invited addresses', () => {
  test('answers everyone the same, and sends a code only to an address with an invite that has not expired', async () => {
    const queue = await freshDatabase({ services: [] });
    const open = await startFixture({ env: { REGISTRATION: 'invited', QUEUE_URL: queue.url } });
    fixture = open;
    const publisher = createPublisher({ queueUrl: queue.url, identity: identityOf('team-resources'), log });
    const { register, newEmail, mailbox, clock, tables } = open;
    const [invited, late, stranger] = [newEmail(), newEmail(), newEmail()];
    await publisher.publish('invite-mail', [inviteTo(invited.toUpperCase(), clock.now()), inviteTo(late, clock.now())]);
    await waitFor(
      async () => (await tables.connection.one(sql.type(Count)`SELECT count(id) FROM auth.invited_addresses`)).count === 2,
      { what: 'both addresses to be invited' },
    );
    const keys = async (email: string) => Object.keys((await register(email)).body);
    expect(await keys(stranger)).toEqual(['status', 'codeToken']);
    expect((await mailbox.nthTo(stranger, 1)).text).toContain('Only invited addresses can register here');
    // Whatever the case in which the address was invited, and registers.
    expect(await keys(invited.replace('user', 'USER'))).toEqual(['status', 'codeToken']);
    const { text } = await mailbox.nthTo(invited, 1);
    const code = /Your code is (\d{8})/.exec(text)?.[1] ?? '';
    expect((await open.spendCode(invited, code)).status).toBe(200);
    clock.advance(3601);
    await register(late);
    expect((await mailbox.nthTo(late, 2)).text).toContain('Only invited addresses can register here');
    await publisher.close();
    await queue.drop();
  });
});
