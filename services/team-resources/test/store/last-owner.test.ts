import { randomUUID } from 'node:crypto';
import type { AuditEventMessage, Member } from '@guildhall/contracts';
import { sql, uncheckedRow } from '@guildhall/db';
import { waitFor } from '@guildhall/testkit';
import { Client } from 'pg';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMembers } from '../../src/store/members.ts';
import { atOnce } from '@guildhall/testkit';
import { seedCommunity, seedMember } from '../support/team-database.ts';
import { useTeamDatabase } from '../support/use-team-database.ts';

const team = useTeamDatabase();
let other: Client;

beforeAll(async () => {
  other = new Client({ connectionString: team.url });
  await other.connect();
});
afterAll(async () => {
  await other.end();
});

const at = '2026-01-31T08:30:00.000Z';
const event = (): AuditEventMessage => ({
  id: randomUUID(),
  kind: 'audit',
  occurredAt: at,
  payload: {
    actor: { type: 'user', id: 'x' },
    action: 'member.leave',
    resource: { type: 'member', id: 'x' },
    result: 'success',
    requestId: 'x',
    service: 'test',
  },
});
const WaitingRow = uncheckedRow({ waiting: Type.Integer() });
const RoleRow = uncheckedRow({ role: Type.String() });
const ownerNamed = (userId: string): Member => ({
  userId,
  displayName: '',
  role: 'owner',
  ownRole: null,
  version: 1,
  joinedAt: at,
});
const leave = (communityId: string, userId: string) => ({
  communityId,
  member: ownerNamed(userId),
  userId,
  role: 'owner' as const,
  at,
  event: event(),
  revokedEvent: event,
  councilEvent: event,
});

const twoOwners = async () => {
  const { communityId, owner } = await seedCommunity(team.database);
  const second = `second-${randomUUID()}`;
  await seedMember(team.database, communityId, second, 'owner');
  return { communityId, owner, second };
};
const ownersOf = async (communityId: string) =>
  (
    await team.database.connection.any(sql.type(RoleRow)`
      SELECT role FROM team.resource_memberships
      WHERE resource_id = ${communityId}::uuid AND role = 'owner' AND deleted_at IS NULL`)
  ).length;

/** Both are under way, and have looked at the owners, before either can change anything. */
const whileBothWait = async (communityId: string, start: () => Promise<readonly boolean[]>): Promise<readonly boolean[]> => {
  await other.query('BEGIN');
  await other.query('SELECT user_id FROM team.resource_memberships WHERE resource_id = $1 FOR UPDATE', [communityId]);
  const both = start();
  await waitFor(
    async () => {
      const { waiting } = await team.database.connection.one(sql.type(WaitingRow)`
        SELECT count(*)::int8 AS waiting FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`);
      return waiting === 2;
    },
    { what: 'both to wait' },
  );
  await other.query('COMMIT');
  return await both;
};

test('of two owners who leave at once, one stays', async () => {
  const { communityId, owner, second } = await twoOwners();
  const members = createMembers(team.database);
  const answers = await whileBothWait(communityId, () =>
    Promise.all([members.remove(leave(communityId, owner)), members.remove(leave(communityId, second))]),
  );
  expect(new Set(answers)).toEqual(new Set([true, false]));
  expect(await ownersOf(communityId)).toBe(1);
});

test('of two owners, one who leaves and one who is demoted at once, one stays', async () => {
  const { communityId, owner, second } = await twoOwners();
  const members = createMembers(team.database);
  const answers = await whileBothWait(communityId, () =>
    Promise.all([
      members.remove(leave(communityId, owner)),
      members.changeRole(leave(communityId, second), { role: 'viewer', ownRole: null, held: 'viewer' }),
    ]),
  );
  expect(new Set(answers)).toEqual(new Set([true, false]));
  expect(await ownersOf(communityId)).toBe(1);
});

const nameOwner = async (communityId: string): Promise<string> => {
  const userId = `owner-${randomUUID()}`;
  await seedMember(team.database, communityId, userId, 'owner');
  return userId;
};

/** A community of 200 owners. */
const manyOwners = async () => {
  const { communityId, owner } = await seedCommunity(team.database);
  const others = await atOnce(Array.from({ length: 199 }), () => nameOwner(communityId));
  return { communityId, owners: [owner, ...others] };
};

test('of 200 owners who leave or step down at once, one stays', async () => {
  const { communityId, owners } = await manyOwners();
  const members = createMembers(team.database);
  const answers = await atOnce(owners, (userId, index) => {
    const write = leave(communityId, userId);
    return index % 2 === 0 ? members.remove(write) : members.changeRole(write, { role: 'viewer', ownRole: null, held: 'viewer' });
  });
  expect(answers.filter(Boolean)).toHaveLength(199);
  expect(await ownersOf(communityId)).toBe(1);
});
