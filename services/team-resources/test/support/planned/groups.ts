import type { Council, Pool, PoolContribution, Workspace } from '@guildhall/contracts';
import { at, auditEvent, memberId, page, pagesOf, type Place, remembered, row, type Statements, userId } from './frame.ts';

const named = { name: 'n', description: '', ...row };
const councilOf = ({ communityId, councilId: id }: Place): Council => ({
  id,
  communityId,
  memberCount: 1,
  isMember: true,
  ...named,
});
const poolOf = ({ communityId, councilId, poolId: id }: Place): Pool => ({
  id,
  communityId,
  councilId,
  unit: 'kg',
  holding: 1,
  mayHandOut: true,
  ...named,
});
const contributionOf = ({ communityId, poolId }: Place, kind: PoolContribution['kind']): PoolContribution => ({
  id: poolId,
  communityId,
  poolId,
  kind,
  quantity: 1,
  note: '',
  createdBy: userId,
  createdByName: '',
  createdAt: at,
});

/** The requests for pages of a list in two orders. */
const sortedPages = (id: string) => [
  { sort: 'newest' as const, ...page },
  { sort: 'newest' as const, limit: 26, after: { createdAt: at, name: 'Name 5', id } },
  { sort: 'name' as const, ...page },
  { sort: 'name' as const, limit: 26, after: { createdAt: at, name: 'Name 5', id } },
];
const namedFilters = (id: string) =>
  sortedPages(id).flatMap((sorted) => [{ page: sorted }, { page: sorted, q: '99' }, { page: sorted, state: 'deleted' as const }]);

export const ofCouncils: Statements = {
  'councils, in every order, state and position': async ({ councils }, { communityId, councilId }) => {
    for (const filter of namedFilters(councilId)) await councils.list(userId, communityId, filter);
  },
  'one council, and where it is made': async ({ councils }, place) => {
    await councils.find(userId, place);
    await councils.findCreateTarget(userId, place.communityId, 'key');
  },
  'changes of councils': async ({ councils }, place) => {
    const write = { userId, permission: 'council:update', event: auditEvent() } as const;
    await councils.insert(councilOf(place), write, remembered);
    await councils.save(councilOf(place), false, write);
  },
  'members of a council': async ({ councilMembers }, { communityId, councilId }) => {
    const path = { communityId, councilId };
    for (const after of [null, { joinedAt: at, userId }]) await councilMembers.list(userId, path, { limit: 26, after });
    await councilMembers.findCandidate({ ...path, memberId });
    const write = { ...path, memberId, userId, at, event: auditEvent() };
    await councilMembers.add(write);
    await councilMembers.remove(write);
  },
};

export const ofPools: Statements = {
  'pools, in every order, state and position': async ({ pools }, { communityId, poolId }) => {
    for (const filter of namedFilters(poolId)) await pools.list(userId, communityId, filter);
  },
  'one pool, and where it is made': async ({ pools }, place) => {
    await pools.find(userId, place);
    await pools.findCreateTarget(userId, place.communityId, place.councilId, 'key');
  },
  'changes of pools': async ({ pools }, place) => {
    const write = { userId, permission: 'pool:update', event: auditEvent() } as const;
    await pools.insert(poolOf(place), write, remembered);
    await pools.save(poolOf(place), false, write);
  },
  'contributions to a pool, in every state and position': async ({ poolContributions }, { communityId, poolId }) => {
    for (const filter of [{}, { kind: 'hand-out' as const }, { createdBy: memberId }])
      for (const after of pagesOf(poolId)) await poolContributions.list(userId, { communityId, poolId }, filter, after);
  },
  'one contribution, and where it is made': async ({ poolContributions }, place) => {
    await poolContributions.find(userId, place, place.poolId);
    await poolContributions.findCreateTarget(userId, place, 'key');
    for (const kind of ['contribution', 'hand-out'] as const)
      await poolContributions.insert(contributionOf(place, kind), { userId, event: auditEvent() }, remembered);
  },
};

const workspaceOf = ({ communityId, workspaceId: id }: Place): Workspace => ({
  id,
  mode: 'shared',
  communityId,
  name: 'n',
  description: '',
  createdBy: userId,
  createdByName: 'Ada',
  version: 2,
  createdAt: at,
  updatedAt: at,
});

export const ofWorkspaces: Statements = {
  'workspaces, in every position': async ({ workspaces }, { communityId, workspaceId }) => {
    for (const after of pagesOf(workspaceId)) {
      for (const state of [null, 'deleted'] as const) {
        await workspaces.listWorkspaces(userId, { page: after, state });
        await workspaces.listCommunityWorkspaces(userId, communityId, { page: after, state });
      }
    }
  },
  'one workspace, and changes of it': async ({ workspaces }, place) => {
    const write = { userId, permission: 'workspace:update', event: auditEvent() } as const;
    await workspaces.findWorkspace(userId, place.workspaceId);
    await workspaces.findWorkspaceTarget(userId, place.communityId, 'key');
    await workspaces.insertWorkspace(workspaceOf(place), write, remembered);
    await workspaces.saveWorkspace(workspaceOf(place), false, write);
  },
  'workspaces, scripts and folders by id, and where they are made: alone, and as many as are gathered': async (stores, place) => {
    const { findWorkspace, scripts, controlMFolders } = stores.workspaces;
    const { workspaceId, scriptId, folderId } = place;
    for (const count of [1, 2, 64]) {
      const askers = Array.from({ length: count }, (_none, number) => `user-${number}`);
      await Promise.all(askers.map((asker) => findWorkspace(asker, workspaceId)));
      await Promise.all(askers.map((asker) => scripts.find(asker, workspaceId, scriptId)));
      await Promise.all(askers.map((asker) => controlMFolders.find(asker, workspaceId, folderId)));
      await Promise.all(askers.map((asker) => scripts.findCreateTarget(asker, workspaceId, 'key')));
    }
  },
  'lists of scripts, in every order and position: alone, and as many as are gathered': async (
    { workspaces: { scripts } },
    place,
  ) => {
    const filters = { q: null, language: null, tag: null, changedSince: null, changedBy: null };
    for (const count of [1, 16]) {
      const askers = Array.from({ length: count }, (_none, number) => `user-${number}`);
      for (const [sort, key] of [
        ['newest', at],
        ['changed', at],
        ['name', 'Name 5'],
      ] as const)
        for (const after of [null, { key, id: place.scriptId }]) {
          const request = { filters, sort, state: null, page: { limit: 26, after } };
          await Promise.all(askers.map((asker) => scripts.list(asker, place.workspaceId, request)));
        }
    }
  },
};
