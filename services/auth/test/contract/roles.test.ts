import { describe, expect, test } from 'vitest';
import { globalRolePermissions, globalRoles } from '@guildhall/contracts';
import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { auditOf, misshapenEvents } from './events.ts';
import { clientAddress, problem, type SignedIn } from './fixture.ts';
import { useAuthService } from './use-auth-service.ts';

const fixture = useAuthService();

const withRole = (role: string): Promise<SignedIn> => fixture.signUpWithRole(role);
const change = (method: 'PUT' | 'DELETE', caller: SignedIn, userId: string, role: string) =>
  fixture.ask(method, `/v1/users/${userId}/roles/${role}`, { headers: caller.asCaller });
const RoleRow = uncheckedRow({ role: Type.String() });
const rolesOf = async (userId: string): Promise<readonly string[]> => {
  const rows = await fixture.tables.connection.any(
    sql.type(RoleRow)`SELECT role FROM auth.user_roles WHERE user_id = ${userId} ORDER BY role`,
  );
  return rows.map(({ role }) => role);
};
const tooMuch = problem(403, 'FORBIDDEN', 'Not allowed', 'This role permits more than you may do yourself.');
const notAllowed = problem(403, 'FORBIDDEN', 'Not allowed', 'This needs the permission role:assign.');
const lastOwner = problem(
  409,
  'CONFLICT',
  'In conflict with what is there',
  'The last owner keeps the role. Give it to someone else first.',
);

describe('GET /v1/roles', () => {
  test('lists the seeded roles, page by page, as the contracts say', async () => {
    const auditor = await withRole('auditor');
    const list = (query: string) =>
      fixture.ask<{ items: { name: string; permissions: string[] }[]; nextCursor: string | null }>('GET', `/v1/roles${query}`, {
        headers: auditor.asCaller,
      });
    const first = await list('?limit=3');
    const second = await list(`?limit=3&cursor=${first.body.nextCursor ?? ''}`);
    expect(second.body.nextCursor).toBeNull();
    const items = [...first.body.items, ...second.body.items];
    expect(items).toEqual(
      globalRoles.toSorted().map((name) => ({ name, permissions: [...globalRolePermissions[name]], isSystem: true, version: 1 })),
    );
  });

  test('refuses who may not read roles', async () => {
    const { asCaller } = await fixture.signUp();
    const { body } = await fixture.ask('GET', '/v1/roles', { headers: asCaller });
    expect(body).toEqual(problem(403, 'FORBIDDEN', 'Not allowed', 'This needs the permission role:read.'));
  });
});

describe('PUT /v1/users/:userId/roles/:role', () => {
  test('gives a role, once, and tells the audit', async () => {
    const admin = await withRole('admin');
    const { userId } = await fixture.signUp();
    expect((await change('PUT', admin, userId, 'auditor')).status).toBe(204);
    expect((await change('PUT', admin, userId, 'auditor')).status).toBe(204);
    expect(await rolesOf(userId)).toEqual(['auditor', 'member']);
    const assigned = (await auditOf(fixture.tables, userId)).filter(({ action }) => action === 'role.assign');
    expect(assigned).toEqual([
      {
        actor: { type: 'user', id: admin.userId, sessionId: admin.sessionId, ip: clientAddress },
        action: 'role.assign',
        resource: { type: 'user', id: userId },
        result: 'success',
        changes: [{ path: '/roles/auditor', before: false, after: true }],
        requestId: 'request-1',
        service: 'auth',
      },
    ]);
  });

  test('refuses to give more than the caller may do, and tells the audit', async () => {
    const admin = await withRole('admin');
    const { userId } = await fixture.signUp();
    expect((await change('PUT', admin, userId, 'owner')).body).toEqual(tooMuch);
    expect(await rolesOf(userId)).toEqual(['member']);
    expect((await auditOf(fixture.tables, userId)).at(-1)).toMatchObject({ action: 'role.assign', result: 'denied' });
  });

  test('looks into the database, not into the token: a role that was taken away gives nothing any more', async () => {
    const admin = await withRole('admin');
    await fixture.tables.connection.query(
      sql.unsafe`DELETE FROM auth.user_roles WHERE user_id = ${admin.userId} AND role = 'admin'`,
    );
    expect((await change('PUT', admin, admin.userId, 'admin')).body).toEqual(notAllowed);
    expect(await rolesOf(admin.userId)).toEqual(['member']);
  });

  test('refuses a revoked session, a member, an unknown user and an unknown role', async () => {
    const admin = await withRole('admin');
    const member = await fixture.signUp();
    expect((await change('PUT', member, member.userId, 'auditor')).body).toEqual(notAllowed);
    expect((await change('PUT', admin, 'nobody', 'auditor')).body).toEqual(
      problem(404, 'NOT_FOUND', 'Not found', 'There is no such user.'),
    );
    expect((await change('PUT', admin, member.userId, 'emperor')).body).toEqual(
      problem(404, 'NOT_FOUND', 'Not found', 'There is no such role.'),
    );
    expect((await change('PUT', admin, member.userId, 'NOT_A_ROLE')).status).toBe(400);
    await fixture.ask('POST', '/v1/auth/logout', { headers: admin.asCaller });
    expect((await change('PUT', admin, member.userId, 'auditor')).status).toBe(401);
    expect(await rolesOf(member.userId)).toEqual(['member']);
  });
});

describe('DELETE /v1/users/:userId/roles/:role', () => {
  test('takes a role, and tells the audit; what is not held cannot be taken', async () => {
    const admin = await withRole('admin');
    const auditor = await withRole('auditor');
    expect((await change('DELETE', admin, auditor.userId, 'auditor')).status).toBe(204);
    expect((await auditOf(fixture.tables, auditor.userId)).at(-1)).toMatchObject({
      action: 'role.remove',
      result: 'success',
      changes: [{ path: '/roles/auditor', before: true, after: false }],
    });
    expect((await change('DELETE', admin, auditor.userId, 'auditor')).body).toEqual(
      problem(404, 'NOT_FOUND', 'Not found', 'This user does not hold that role.'),
    );
  });

  test('keeps the last owner, of whom an admin may not take anything either', async () => {
    await fixture.removeOwners();
    const owner = await withRole('owner');
    const admin = await withRole('admin');
    expect((await change('DELETE', admin, owner.userId, 'owner')).body).toEqual(tooMuch);
    expect((await change('DELETE', owner, owner.userId, 'owner')).body).toEqual(lastOwner);
    expect(await rolesOf(owner.userId)).toEqual(['member', 'owner']);
  });

  test('leaves one owner when two take it from each other, or from themselves, at once', async () => {
    const { connection } = fixture.tables;
    const [one, other] = [await withRole('owner'), await withRole('owner')];
    for (let round = 0; round < 10; round += 1) {
      await fixture.removeOwners();
      await connection.query(sql.unsafe`
        INSERT INTO auth.user_roles (user_id, role) VALUES (${one.userId}, 'owner'), (${other.userId}, 'owner')`);
      const isMutual = round % 2 === 0;
      const answers = await Promise.all([
        change('DELETE', one, isMutual ? other.userId : one.userId, 'owner'),
        change('DELETE', other, isMutual ? one.userId : other.userId, 'owner'),
      ]);
      expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
      // Who lost the role meanwhile may take nothing; who did not is the last owner.
      expect(answers.find(({ status }) => status !== 204)?.body).toEqual(isMutual ? notAllowed : lastOwner);
    }
  });
});

test('every event is as the contracts say', async () => {
  expect(await misshapenEvents(fixture.tables)).toEqual([]);
});
