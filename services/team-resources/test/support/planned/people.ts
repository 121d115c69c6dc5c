import type { Community, Invite, Member, TrustGrant } from '@guildhall/contracts';
import { expect } from 'vitest';
import { readRights } from '../../../src/store/changed-rights.ts';
import { at, auditEvent, memberId, pagesOf, type Place, remembered, row, type Statements, userId } from './frame.ts';

const settings = {
  minTrustToAwardTrust: { type: 'share', value: 0.1 },
  minTrustForWealth: { type: 'number', value: 10 },
  trustTitles: { titles: [{ name: 'New', minScore: 0 }] },
  nonContributionThresholdDays: 30,
  dashboardRefreshInterval: 3600,
  metricVisibilitySettings: {
    showActiveMembers: true,
    showWealthGeneration: true,
    showTrustNetwork: true,
    showCouncilActivity: true,
    showNeedsFulfillment: true,
    showDisputeRate: true,
  },
  disputeHandlingCouncils: [],
  pollCreatorUsers: [],
} as const;
const communityOf = ({ communityId: id }: Place): Community => ({
  id,
  name: 'c',
  description: '',
  role: 'owner',
  settings: {
    ...settings,
    trustTitles: { titles: [...settings.trustTitles.titles] },
    disputeHandlingCouncils: [],
    pollCreatorUsers: [],
  },
  ...row,
});

/** The rights after a change, as they are read within it. */
const rightsOf = ({ communityId: id, councilId }: Place) => ({
  settings: {
    id,
    min_trust_to_award_trust: settings.minTrustToAwardTrust,
    min_trust_for_wealth: settings.minTrustForWealth,
    trust_titles: settings.trustTitles,
    metric_visibility_settings: settings.metricVisibilitySettings,
    poll_creator_users: [memberId],
    dispute_handling_councils: [councilId],
  },
  ownRoles: [{ id: councilId, permissions: ['wealth:read'], deletedAt: null }],
  membership: { role: 'moderator', ownRoleId: null },
});

export const ofCommunities: Statements = {
  'communities, in every order, state and position': async ({ communities }, { communityId: id }) => {
    for (const sort of ['newest', 'name'] as const)
      for (const after of [null, { createdAt: at, name: 'Community 5', id }])
        for (const filter of [{}, { q: '9' }, { state: 'deleted' as const }, { permission: 'workspace:create' as const }])
          await communities.list(userId, { ...filter, page: { sort, limit: 26, after } });
  },
  'one community, and what its settings name': async ({ communities, access }, place) => {
    await communities.find(userId, place.communityId);
    await communities.findDeletedToo(userId, place.communityId);
    await communities.findEarlier(userId, 'key');
    await communities.findUnknown(place.communityId, { users: [userId], councils: [place.councilId] });
    await access.inCommunity(userId, place.communityId);
    await access.ofWorkspace(userId, place.workspaceId);
  },
  'changes of communities': async ({ communities }, place) => {
    const write = { userId, permission: 'community:update', event: auditEvent() } as const;
    const named = { users: [userId], councils: [place.councilId] };
    const founder = { userId, displayName: 'User' };
    await communities.insert({ community: communityOf(place), founder, event: auditEvent(), remembered });
    await communities.save(communityOf(place), false, { ...write, named });
    await communities.restore(communityOf(place), write);
  },
  'metrics, and explained permissions': async ({ metrics, permissionFacts }, { communityId }) => {
    await metrics.find(userId, communityId, 'day', at);
    await metrics.count(communityId, 'day', new Date(Date.now() - 86_400_000).toISOString());
    await permissionFacts.find({ callerId: userId, needed: 'member:read', communityId, userId: memberId });
  },
  'a dry run: what decides about the rights of all members, before a change and after it': async (
    { permissionFacts },
    place,
    connection,
  ) => {
    const changed = { communityId: place.communityId, memberId };
    // No row is found, where one is expected.
    await readRights(connection, changed).catch(() => undefined);
    await permissionFacts.list(place.communityId);
    await permissionFacts.list(place.communityId, { ...changed, rights: rightsOf(place), openInvites: 0 });
  },
};

const member: Member = { userId: memberId, displayName: '', role: 'member', ownRole: null, version: 1, joinedAt: at };

export const ofMembers: Statements = {
  'members, by every filter and in every position': async ({ members }, { communityId }) => {
    for (const filter of [{}, { q: 'user 99' }, { role: 'viewer' as const }, { notContributedForDays: 30 }])
      for (const after of [null, { joinedAt: at, userId: memberId }])
        await members.list(userId, communityId, { ...filter, page: { limit: 26, after } });
    await members.find(userId, communityId, memberId);
  },
  'changes of members': async ({ members }, { communityId }) => {
    const events = { event: auditEvent(), revokedEvent: auditEvent, councilEvent: auditEvent };
    const write = { communityId, member, userId, role: 'owner', at, ...events } as const;
    await members.changeRole(write, { role: 'viewer', ownRole: null, held: 'viewer' });
    await members.remove(write);
  },
  'activity, by every filter and in every position': async ({ activities }, { communityId, needId }) => {
    for (const filter of [{}, { userId: memberId }])
      for (const after of pagesOf(needId)) await activities.list(userId, communityId, { ...filter, page: after });
  },
  'the inbox, by every kind and in every position': async ({ inbox }, { needId }) => {
    for (const filter of [{}, { kind: 'vote' as const }, { kind: 'request' as const }, { kind: 'invite' as const }])
      for (const after of pagesOf(needId))
        await inbox.list({ userId, email: 'person-0@example.test' }, { ...filter, page: after }, at);
  },
  'the copies of users': async ({ appUsers }, { needId: id }) => {
    const payload = { userId, displayName: 'User', version: 2 };
    await appUsers.record([{ id, kind: 'user-changed', occurredAt: at, payload }]);
    // Its one row is not there: the statement is only explained.
    const restoring = appUsers.restore([{ ...payload, status: 'active' }], [{ userId, version: 3 }]);
    await expect(restoring).rejects.toThrow('A statement that is explained finds no row.');
    await appUsers.storeDeadLetter({ id, kind: 'user-changed', raw: {}, reason: 'x' });
    await appUsers.missing([id]);
    await appUsers.purgeTakenBefore(new Date(Date.now() - 86_400_000).toISOString(), 1000);
  },
};

const inviteOf = ({ inviteId: id }: Place): Invite => ({
  id,
  role: 'member',
  ownRole: null,
  email: null,
  usesLeft: 1,
  status: 'open',
  createdBy: userId,
  createdByName: '',
  createdAt: at,
  expiresAt: at,
  delivery: 'link_only',
});

export const ofInvites: Statements = {
  'invites, in every position': async ({ invites, ownInvites }, { communityId, inviteId }) => {
    for (const after of pagesOf(inviteId)) {
      await invites.list(userId, communityId, after, at);
      await ownInvites.listTo('person-0@example.test', userId, after, at);
    }
  },
  'one invite, and where it is made': async ({ invites, ownInvites }, { communityId, inviteId }) => {
    await invites.find(userId, communityId, inviteId, at);
    await invites.findCreateTarget(userId, communityId, 'key');
    await invites.findByToken('hash-7', userId, at);
    await ownInvites.findView('hash-7', userId, at);
  },
  'changes of invites': async ({ invites }, place) => {
    const { communityId, inviteId } = place;
    const event = auditEvent();
    await invites.insert({ communityId, userId, invite: inviteOf(place), tokenHash: 'hash', event, mail: null, remembered });
    await invites.revoke(userId, communityId, inviteId, at, event);
    await invites.accept(inviteId, { userId, displayName: 'User' }, at, event);
    await invites.decline(inviteId, at, event);
  },
};

const grant: TrustGrant = {
  userId: memberId,
  displayName: '',
  points: 1,
  reason: 'x',
  grantedBy: userId,
  grantedByName: '',
  version: 2,
  grantedAt: at,
};

export const ofTrust: Statements = {
  'awards, by every filter and in every position': async ({ trustAwards }, { communityId, needId }) => {
    for (const filter of [{}, { from: memberId }, { to: memberId }, { from: userId, to: memberId }])
      for (const after of pagesOf(needId)) await trustAwards.list(userId, communityId, filter, after);
  },
  'one award, given and withdrawn': async ({ trustAwards }, { communityId, needId: id }) => {
    await trustAwards.find(userId, communityId, memberId);
    const write = { communityId, userId, memberId, at, event: auditEvent() };
    await trustAwards.award({ ...write, id });
    await trustAwards.withdraw(write);
  },
  'grants, in every position, and one revised': async ({ trustGrants }, { communityId, needId: id }) => {
    for (const after of pagesOf(id)) await trustGrants.list(userId, communityId, after);
    await trustGrants.find(userId, communityId, memberId);
    await trustGrants.revise({ communityId, userId, next: grant, id, at, event: auditEvent() });
  },
  'the score of one member': ({ trustScores }, { communityId }) => trustScores.find(userId, communityId, memberId),
  'the scores of all members': async ({ trustScores }, { communityId }) => {
    for (const after of [null, { score: 5, userId }]) await trustScores.list(userId, communityId, { limit: 26, after });
  },
  'the trust around a member': ({ trustScores }, { communityId }) =>
    trustScores.graph(userId, communityId, { around: memberId, depth: 2, limit: 50 }),
};
