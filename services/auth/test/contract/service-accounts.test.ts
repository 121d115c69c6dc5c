import { createHash, randomUUID } from 'node:crypto';
import { sql } from '@guildhall/db';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSessionStore } from '../../src/store/sessions.ts';
import { auditOf, misshapenEvents, readOutbox, userChangesOf } from './events.ts';
import { problem, startFixture, type Fixture, type SignedIn } from './fixture.ts';

interface Account {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly roles: readonly string[];
}
interface Token {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly expiresAt: string;
}
type Created = Token & { readonly token: string };
interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const base = '/v1/service-accounts';
const create = ({ asCaller }: SignedIn, name = ' Export to the archive ') =>
  fixture.ask<Account>('POST', base, { body: { name }, headers: asCaller });
const example = { name: 'Night export', permissions: ['audit:read'], expiresInDays: 30 };
const createToken = ({ asCaller }: SignedIn, id: string, more: object = {}) =>
  fixture.ask<Created>('POST', `${base}/${id}/tokens`, { body: { ...example, ...more }, headers: asCaller });
const rotate = ({ asCaller }: SignedIn, id: string, tokenId: string) =>
  fixture.ask<Created>('POST', `${base}/${id}/tokens/${tokenId}/rotate`, { body: { expiresInDays: 90 }, headers: asCaller });
const revoke = ({ asCaller }: SignedIn, id: string, tokenId: string) =>
  fixture.ask('DELETE', `${base}/${id}/tokens/${tokenId}`, { headers: asCaller });
const tokensOf = async ({ asCaller }: SignedIn, id: string) =>
  (await fixture.ask<Page<Token>>('GET', `${base}/${id}/tokens`, { headers: asCaller })).body.items;
const setRole = ({ asCaller }: SignedIn, id: string, role: string) =>
  fixture.ask('PUT', `/v1/users/${id}/roles/${role}`, { headers: asCaller });
const setStatus = ({ asCaller }: SignedIn, id: string, status: string) =>
  fixture.ask('PATCH', `/v1/users/${id}`, { body: { status }, headers: { ...asCaller, 'if-match': '*' } });
const foundBy = async (token: string) => {
  const body = { tokenHash: createHash('sha256').update(token).digest('base64url') };
  const { found } = (
    await fixture.ask<{ found: { userId: string; permissions: string[] } | null }>('POST', '/internal/personal-tokens/find', {
      body,
      headers: await fixture.asService('gateway'),
    })
  ).body;
  return found;
};
const again = async (user: SignedIn): Promise<SignedIn> => fixture.asSignedIn(user.email);
const notThere = (what: string) => problem(404, 'NOT_FOUND', 'Not found', `There is no such ${what}.`);

describe('a service account', () => {
  test('is made by an administrator, holds roles as a user does, and acts by tokens within both', async () => {
    const { signUpWithRole, tables } = fixture;
    const owner = await signUpWithRole('owner');
    const { status, body: account } = await create(owner);
    expect({ status, account }).toEqual({
      status: 201,
      account: {
        id: expect.any(String),
        name: 'Export to the archive',
        status: 'active',
        roles: [],
        createdAt: expect.stringMatching(/Z$/),
      },
    });
    expect((await setRole(owner, account.id, 'auditor')).status).toBe(204);
    const created = await createToken(owner, account.id);
    expect(created).toMatchObject({
      status: 201,
      body: { name: 'Night export', permissions: ['audit:read'], token: expect.stringMatching(/^guildhall_pat_[\w-]{43}$/) },
    });
    expect(await foundBy(created.body.token)).toMatchObject({
      userId: account.id,
      displayName: 'Export to the archive',
      permissions: expect.arrayContaining(['audit:read']),
      tokenPermissions: ['audit:read'],
    });
    const list = await fixture.ask<Page<Account>>('GET', base, { headers: owner.asCaller });
    expect(list.body.items.find(({ id }) => id === account.id)).toMatchObject({ roles: ['auditor'] });
    const people = await fixture.ask<Page<Account>>('GET', '/v1/users?q=archive', { headers: owner.asCaller });
    expect(people.body.items).toEqual([]);
    expect(await userChangesOf(tables, account.id)).toEqual([
      { userId: account.id, displayName: 'Export to the archive', version: 1 },
    ]);
    expect((await auditOf(tables, account.id)).map(({ action, result }) => [action, result])).toEqual([
      ['service-account.create', 'success'],
      ['role.assign', 'success'],
    ]);
    expect((await auditOf(tables, created.body.id)).at(0)).toMatchObject({
      actor: { type: 'user', id: owner.userId },
      action: 'personal-token.create',
      changes: [
        { path: '/serviceAccount', after: account.id },
        { path: '/permissions', after: ['audit:read'] },
        { path: '/expiresAt', after: created.body.expiresAt },
      ],
    });
    expect(JSON.stringify(await readOutbox(tables))).not.toContain(created.body.token);
  });

  test('never signs in: by no password, code or reset, and no statement opens a session for it', async () => {
    const { signUpWithRole, post, tables, clock, mailbox } = fixture;
    const { id } = (await create(await signUpWithRole('owner'))).body;
    const email = `${id}@service.invalid`;
    expect((await fixture.logIn(email)).status).toBe(401);
    for (const [route, body] of [
      ['/v1/auth/codes', { email, purpose: 'otp' }],
      ['/v1/auth/password/reset-code', { email }],
      ['/v1/auth/register', { email, password: 'a long and quiet sentence', displayName: 'Eve' }],
    ] as const)
      expect((await post(route, body)).status).toBe(202);
    // Of the three, the registration alone is mailed: that the address is taken, as to any other.
    expect((await mailbox.nthTo(email, 1)).text).toContain('You already have an account');
    expect(mailbox.mails.filter(({ to }) => to === email)).toHaveLength(1);
    const session = {
      id: randomUUID(),
      userId: id,
      refreshTokenHash: 'planted',
      ipAddress: '203.0.113.7',
      deviceLabel: 'Planted',
      expiresAt: new Date(clock.now().getTime() + 60_000),
      passwordHash: null,
      isMultiFactor: true,
    };
    expect(await createSessionStore(tables.connection).open(session, clock.now())).toBe(false);
  });

  test('that is suspended is refused at once, gets no token, and is taken again afterwards', async () => {
    const owner = await fixture.signUpWithRole('owner');
    const { id } = (await create(owner)).body;
    const { token } = (await createToken(owner, id)).body;
    expect((await setStatus(owner, id, 'suspended')).status).toBe(200);
    expect(await foundBy(token)).toBeNull();
    expect((await createToken(owner, id)).status).toBe(409);
    expect((await setStatus(owner, id, 'active')).status).toBe(200);
    expect(await foundBy(token)).not.toBeNull();
  });

  test('that is an owner keeps no place of the last one', async () => {
    const { signUpWithRole, removeOwners } = fixture;
    await removeOwners();
    const owner = await signUpWithRole('owner');
    const { id } = (await create(owner)).body;
    expect((await setRole(owner, id, 'owner')).status).toBe(204);
    expect((await fixture.ask('DELETE', `/v1/users/${owner.userId}/roles/owner`, { headers: owner.asCaller })).status).toBe(409);
  });
});

describe('a token of a service account', () => {
  test('is rotated: both are taken for a day, then the new one alone; a revoked one is not', async () => {
    const { signUpWithRole, clock, tables } = fixture;
    const owner = await signUpWithRole('owner');
    const { id } = (await create(owner)).body;
    const before = (await createToken(owner, id)).body;
    const { status, body: after } = await rotate(owner, id, before.id);
    expect([status, after.name, after.permissions]).toEqual([200, 'Night export', ['audit:read']]);
    expect(after.token).not.toBe(before.token);
    for (const { token } of [before, after]) expect(await foundBy(token)).not.toBeNull();
    expect((await auditOf(tables, before.id)).at(-1)).toMatchObject({
      action: 'personal-token.rotate',
      changes: [{ path: '/replacedBy', after: after.id }],
    });
    clock.advance(24 * 3600 + 1);
    expect([(await foundBy(before.token)) === null, (await foundBy(after.token)) === null]).toEqual([true, false]);
    const later = await again(owner);
    expect((await rotate(later, id, before.id)).body).toEqual(notThere('token'));
    expect((await tokensOf(later, id)).map((token) => token.id)).toEqual([after.id]);
    expect((await revoke(later, id, after.id)).status).toBe(204);
    expect((await revoke(later, id, after.id)).body).toEqual(notThere('token'));
    expect(await foundBy(after.token)).toBeNull();
  });

  test('is for administrators who may do as much as the account, whose right is looked up in the statement', async () => {
    const { signUpWithRole, signUp, tables } = fixture;
    const [owner, admin, member] = [await signUpWithRole('owner'), await signUpWithRole('admin'), await signUp()];
    expect((await create(member)).status).toBe(403);
    const { id } = (await create(owner)).body;
    expect((await createToken(admin, id)).status).toBe(201);
    expect((await setRole(owner, id, 'owner')).status).toBe(204);
    const mine = (await createToken(owner, id)).body;
    const tooMighty = { status: 403, body: { detail: 'This user may do more than you may yourself.' } };
    expect(await createToken(admin, id)).toMatchObject(tooMighty);
    expect(await rotate(admin, id, mine.id)).toMatchObject(tooMighty);
    expect(await revoke(admin, id, mine.id)).toMatchObject(tooMighty);
    expect(await foundBy(mine.token)).not.toBeNull();
    // A principal of before may say more than the database does now.
    await tables.connection.query(sql.unsafe`DELETE FROM auth.user_roles WHERE user_id = ${admin.userId}`);
    expect((await create(admin)).status).toBe(403);
  });

  test('holds no global permission that who makes or rotates it lacks: the account may get it later, and they have the token', async () => {
    const { signUpWithRole, signUp, tables } = fixture;
    const [owner, helper] = [await signUpWithRole('owner'), await signUp()];
    await tables.connection.query(sql.unsafe`
      INSERT INTO auth.roles (name, permissions) VALUES ('helper', ARRAY['user:read', 'user:update']) ON CONFLICT (name) DO NOTHING`);
    await fixture.grant(helper.userId, 'helper');
    const { id } = (await create(owner)).body;
    const refused = { status: 403, body: { detail: expect.stringContaining('no token of a program: audit:read.') } };
    expect(await createToken(helper, id)).toMatchObject(refused);
    expect((await createToken(helper, id, { permissions: ['user:read', 'script:read'] })).status).toBe(201);
    const made = (await createToken(owner, id)).body;
    expect(await rotate(helper, id, made.id)).toMatchObject(refused);
    expect(await foundBy(made.token)).not.toBeNull();
    expect((await auditOf(tables, made.id)).map(({ action, result }) => [action, result])).toEqual([
      ['personal-token.create', 'success'],
      ['personal-token.rotate', 'denied'],
    ]);
  });

  test('is of service accounts alone, and of the account that the address names', async () => {
    const { signUpWithRole, signUp } = fixture;
    const [owner, user] = [await signUpWithRole('owner'), await signUp()];
    const [one, other] = [(await create(owner)).body.id, (await create(owner)).body.id];
    expect((await createToken(owner, user.userId)).body).toEqual(notThere('service account'));
    expect((await createToken(owner, randomUUID())).body).toEqual(notThere('user'));
    const { id: tokenId } = (await createToken(owner, one)).body;
    expect((await revoke(owner, other, tokenId)).status).toBe(404);
    expect((await rotate(owner, other, tokenId)).status).toBe(404);
    expect(await tokensOf(owner, one)).toHaveLength(1);
  });
});

test('every event is as the contracts say', async () => {
  expect(await misshapenEvents(fixture.tables)).toEqual([]);
});
