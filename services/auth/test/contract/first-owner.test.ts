import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newEmail, password, problem, startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const makeOwner = async (email: string, more: object = {}) =>
  fixture.post('/internal/owner', { email, password, displayName: 'Ada', ...more }, await fixture.asService('gateway'));
const findOwner = async () => (await fixture.ask('GET', '/internal/owner', { headers: await fixture.asService('gateway') })).body;

const EventRow = uncheckedRow({ kind: Type.String(), action: Type.Union([Type.String(), Type.Null()]) });
const eventsOf = (userId: string) =>
  fixture.tables.connection.any(sql.type(EventRow)`
    SELECT kind, payload ->> 'action' AS action FROM auth.outbox_events
    WHERE payload ->> 'userId' = ${userId} OR payload -> 'resource' ->> 'id' = ${userId} ORDER BY kind, action`);

describe('the first owner', () => {
  test('is made by the gateway alone', async () => {
    const refused = await fixture.post(
      '/internal/owner',
      { email: newEmail(), password, displayName: 'Ada' },
      await fixture.asService('audit'),
    );
    expect({ status: refused.status, body: refused.body }).toEqual({
      status: 401,
      body: problem(401, 'UNAUTHENTICATED', 'Sign in first', 'This address is for the gateway of this installation only.'),
    });
  });

  test('needs a good password, and a weak one leaves nothing behind', async () => {
    const email = newEmail();
    expect((await makeOwner(email, { password: 'short' })).status).toBe(422);
    expect((await fixture.logIn(email)).status).toBe(401);
    expect(await findOwner()).toEqual({ hasOwner: false });
  });

  test('cannot be somebody who confirmed the address before', async () => {
    const { email } = await fixture.signUp();
    const { status, body } = await makeOwner(email);
    expect({ status, body }).toEqual({
      status: 409,
      body: problem(
        409,
        'CONFLICT',
        'In conflict with what is there',
        'This address has an account already. Name another one as the first owner.',
      ),
    });
  });

  test('is made once however many ask at once, confirmed, audited and told to the other services', async () => {
    const emails = Array.from({ length: 8 }, newEmail);
    const answers = await Promise.all(emails.map((email) => makeOwner(email)));
    expect(answers.map(({ status }) => status)).toEqual(emails.map(() => 200));
    expect(answers.filter(({ body }) => (body as { isNew: boolean }).isNew)).toHaveLength(1);
    expect(await findOwner()).toEqual({ hasOwner: true });
    const winner = emails[answers.findIndex(({ body }) => (body as { isNew: boolean }).isNew)] ?? '';
    const me = await fixture.asSignedIn(winner);
    const account = await fixture.ask<{ roles: string[] }>('GET', '/v1/auth/me', { headers: me.asCaller });
    expect(account.body.roles.toSorted()).toEqual(['member', 'owner']);
    expect(await eventsOf(me.userId)).toEqual([
      { kind: 'audit', action: 'role.assign' },
      { kind: 'audit', action: 'user.register' },
      { kind: 'user-changed', action: null },
    ]);
  });
});
