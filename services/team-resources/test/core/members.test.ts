import { communityRoles, type CommunityRole, type Member } from '@guildhall/contracts';
import { isAppError } from '@guildhall/errors';
import { createContext } from '@guildhall/resources';
import { expect, test } from 'vitest';
import { removeMember, updateMember, type MemberStore, type MemberStores } from '../../src/core/members.ts';

const context = createContext(
  {
    now: () => new Date('2026-01-31T08:30:00.000Z'),
    newId: () => 'id',
    sha256: String,
    recordDenial: async () => {},
    service: 'team-resources',
  },
  { caller: { userId: 'caller', displayName: 'Caller', actor: { type: 'user', id: 'caller' } }, requestId: 'test' },
);
const memberAs = (role: CommunityRole): Member => ({
  userId: 'member',
  displayName: 'Member',
  role,
  ownRole: null,
  version: 1,
  joinedAt: '2026-01-01T00:00:00.000Z',
});
const storeWith = (callerRole: CommunityRole, role: CommunityRole, hasOtherOwner = true): MemberStore =>
  ({
    find: async () => ({ role: callerRole, member: memberAs(role), memberRole: role, hasOtherOwner }),
    changeRole: async () => true,
    remove: async () => true,
  }) as unknown as MemberStore;
const storesOf = (members: MemberStore): MemberStores => ({ members, ownRoles: { find: async () => undefined } });
const outcome = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'done';
  } catch (error) {
    return isAppError(error) ? error.code : String(error);
  }
};
const request = { communityId: 'c', memberId: 'member' };
const everyRole = <T>(make: (role: CommunityRole) => T): Record<string, T> =>
  Object.fromEntries(communityRoles.map((role) => [role, make(role)]));

test('who may change a member to a role: the whole table', async () => {
  const allowed: string[] = [];
  for (const caller of communityRoles)
    for (const from of communityRoles)
      for (const role of communityRoles) {
        const work = updateMember(storesOf(storeWith(caller, from)), context, { ...request, role, ifMatch: [1] });
        if ((await outcome(work)) === 'done') allowed.push(`${caller}: ${from} to ${role}`);
      }
  const others = communityRoles.filter((role) => role !== 'owner');
  expect(allowed).toEqual([
    ...communityRoles.flatMap((from) => communityRoles.map((role) => `owner: ${from} to ${role}`)),
    ...others.flatMap((from) => others.map((role) => `admin: ${from} to ${role}`)),
  ]);
});

test('who may remove whom: owners anyone, admins anyone but owners, nobody else', async () => {
  const table = everyRole((caller) => everyRole((role) => outcome(removeMember(storeWith(caller, role), context, request))));
  const settled: Record<string, string[]> = {};
  for (const caller of communityRoles) {
    settled[caller] = [];
    for (const role of communityRoles) if ((await table[caller]?.[role]) === 'done') settled[caller].push(role);
  }
  expect(settled).toEqual({
    owner: ['owner', 'admin', 'moderator', 'member', 'viewer'],
    admin: ['admin', 'moderator', 'member', 'viewer'],
    moderator: [],
    member: [],
    viewer: [],
  });
});

test('the last owner is neither demoted nor removed, by anyone', async () => {
  const store = storeWith('owner', 'owner', false);
  expect(await outcome(updateMember(storesOf(store), context, { ...request, role: 'admin', ifMatch: [1] }))).toBe('CONFLICT');
  expect(await outcome(removeMember(store, context, request))).toBe('CONFLICT');
  expect(await outcome(updateMember(storesOf(store), context, { ...request, role: 'owner', ifMatch: [1] }))).toBe('done');
});
