import type { Community } from '@guildhall/contracts';
import type { Connection } from '@guildhall/db';
import { expect, test } from 'vitest';
import { createDryRuns } from '../../src/store/dry-runs.ts';
import { createCommunities } from '../../src/store/communities.ts';
import { createMembers } from '../../src/store/members.ts';
import { anyEvent } from '../support/audit-events.ts';
import { seedCommunity, seedMember } from '../support/team-database.ts';
import { useTeamDatabase } from '../support/use-team-database.ts';

const team = useTeamDatabase();

const at = '2026-01-31T08:30:00.000Z';

/** Dry runs that stop before they read what a change leaves: `reached` settles then, and they go on with `resume`. */
const pausedDryRuns = () => {
  const [reached, resumed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const paused = (tx: Connection): Connection => ({
    ...tx,
    any: async (query) => {
      if (query.sql.includes('changed_memberships')) {
        reached.resolve();
        await resumed.promise;
      }
      return await tx.any(query);
    },
  });
  const dryRuns = createDryRuns({ inTransaction: (work) => team.database.inTransaction((tx) => work(paused(tx))) });
  return { dryRuns, reached: reached.promise, resume: resumed.resolve };
};

test('a change of the same community and member does not wait for a dry run, and is no part of what that answers', async () => {
  const { communityId, owner } = await seedCommunity(team.database);
  const memberId = 'dry-run-member';
  await seedMember(team.database, communityId, memberId, 'member');
  const { dryRuns, reached, resume } = pausedDryRuns();
  const found = await createCommunities(team.database.connection).find(owner, communityId);
  if (found === undefined) throw new Error('The community is there.');
  const write = {
    communityId,
    member: { userId: memberId, displayName: '', role: 'member', ownRole: null, version: 1, joinedAt: at },
    userId: owner,
    role: 'owner',
    at,
    event: anyEvent(),
    revokedEvent: anyEvent,
    councilEvent: anyEvent,
  } as const;
  const save = (stores: ReturnType<typeof createCommunities>, pollCreatorUsers: string[]): Promise<boolean> => {
    const settings: Community['settings'] = { ...found.settings, pollCreatorUsers };
    const next = { ...found, settings, version: 2 };
    return stores.save(next, false, { userId: owner, permission: 'community:update', event: anyEvent() });
  };
  const trial = dryRuns.run({ communityId, memberId }, async ({ communities, members }) => {
    expect(await save(communities, [memberId])).toBe(true);
    expect(await members.changeRole(write, { role: 'moderator', ownRole: null, held: 'moderator' })).toBe(true);
  });
  try {
    await reached;
    expect(await save(createCommunities(team.database.connection), [])).toBe(true);
    const given = { role: 'viewer', ownRole: null, held: 'viewer' } as const;
    expect(await createMembers(team.database).changeRole({ ...write, event: anyEvent() }, given)).toBe(true);
  } finally {
    resume();
  }
  const { before, after } = await trial;
  const rolesOf = ({ members }: typeof before) =>
    Object.fromEntries(members.map(({ userId, facts }) => [userId, [facts.role, facts.isPollCreator]]));
  expect(rolesOf(before)).toEqual({ [owner]: ['owner', true], [memberId]: ['member', true] });
  expect(rolesOf(after)).toEqual({ [owner]: ['owner', false], [memberId]: ['moderator', true] });
  const stored = await createMembers(team.database).find(owner, communityId, memberId);
  expect(stored?.memberRole).toBe('viewer');
});
