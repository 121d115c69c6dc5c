import type { Dispute, Need, Wealth, WealthRequest } from '@guildhall/contracts';
import { at, auditEvent, deepIn, page, pagesOf, type Place, remembered, row, type Statements, userId } from './frame.ts';

const wealthOf = ({ communityId, wealthId: id }: Place): Wealth => ({
  id,
  communityId,
  type: 'object',
  title: 't',
  description: '',
  category: null,
  councilId: null,
  poolId: null,
  quantity: 2,
  quantityLeft: 1,
  minTrustRequired: 0,
  status: 'active',
  expiresAt: null,
  ...row,
});
const requestOf = ({ communityId, wealthId, requestId: id }: Place): WealthRequest => ({
  id,
  communityId,
  wealthId,
  quantity: 1,
  note: '',
  status: 'accepted',
  requestedBy: userId,
  requestedByName: '',
  version: 2,
  createdAt: at,
  updatedAt: at,
});
const write = () => ({ userId, event: auditEvent() });

const wealthFilters = [
  { status: 'active', isDeleted: false },
  { status: 'expired', isDeleted: false, type: 'object' },
  { status: 'fulfilled', isDeleted: false, category: 'category 7' },
  { status: 'cancelled', isDeleted: false, createdBy: 'user-20' },
  { status: 'active', isDeleted: true, q: 'wealth 99' },
] as const;

const audiencesOf = ({ councilId, poolId }: Place) => [
  { councilId: null, poolId: null },
  { councilId, poolId: null },
  { councilId: null, poolId },
];

export const ofWealth: Statements = {
  'wealth, in every order, state and position': async ({ wealth }, { communityId, wealthId: id, councilId, poolId }) => {
    const shared = { status: 'active', isDeleted: false } as const;
    for (const filter of [...wealthFilters, { ...shared, councilId }, { ...shared, poolId }])
      for (const [sort, key] of [
        ['newest', at],
        ['expiring', at],
        ['title', 'Wealth 5'],
      ] as const)
        for (const after of [null, { key, id }])
          await wealth.list(userId, communityId, { ...filter, sort }, { limit: 26, after });
  },
  'one wealth, and where it is offered': async ({ wealth }, place) => {
    await wealth.find(userId, place);
    for (const audience of audiencesOf(place)) await wealth.findCreateTarget(userId, place.communityId, audience, 'key');
    // No row is found, where one is expected.
    for (const audience of audiencesOf(place)) await wealth.hasAudience(place.communityId, audience).catch(() => undefined);
  },
  'changes of wealth': async ({ wealth }, place) => {
    for (const audience of audiencesOf(place)) {
      await wealth.insert({ ...wealthOf(place), ...audience }, write(), remembered);
      await wealth.save({ ...wealthOf(place), ...audience }, false, write());
    }
  },
  'requests for wealth, in every state and position': async ({ wealthRequests }, { requestId, ...path }) => {
    for (const status of [undefined, 'pending', 'fulfilled'] as const)
      for (const after of pagesOf(requestId)) await wealthRequests.list(userId, path, status, after);
  },
  'one request, and where it is made': async ({ wealthRequests }, place) => {
    await wealthRequests.find(userId, place);
    await wealthRequests.findCreateTarget(userId, place, 'key');
  },
  'changes of requests': async ({ wealthRequests }, place) => {
    await wealthRequests.insert(requestOf(place), write(), remembered);
    await wealthRequests.move(requestOf(place), { from: 'pending', to: 'accepted' }, write());
    await wealthRequests.move(requestOf(place), { from: 'pending', to: 'rejected' }, write());
  },
};

const disputeOf = ({ communityId, wealthId, requestId, disputeId: id }: Place): Dispute => ({
  id,
  communityId,
  wealthId,
  requestId,
  wealthTitle: '',
  reason: 'Late',
  status: 'withdrawn',
  resolution: null,
  resolvedBy: null,
  resolvedByName: null,
  mayResolve: false,
  ...row,
});

export const ofDisputes: Statements = {
  'disputes, in every state, order and position': async ({ disputes }, { communityId, disputeId }) => {
    for (const status of [undefined, 'open', 'resolved'] as const)
      for (const sort of ['newest', 'oldest'] as const)
        for (const after of [page, deepIn(disputeId)]) await disputes.list(userId, communityId, { status, sort }, after);
  },
  'one dispute, and where it is opened': async ({ disputes }, place) => {
    await disputes.find(userId, place);
    await disputes.findOpenTarget(userId, place, 'key');
  },
  'changes of disputes': async ({ disputes }, place) => {
    await disputes.insert(disputeOf(place), write(), remembered);
    await disputes.end(disputeOf(place), write());
  },
};

const needOf = ({ communityId, needId: id }: Place): Need => ({
  id,
  communityId,
  title: 'n',
  description: '',
  quantity: 1,
  intervalDays: null,
  councilId: null,
  isOfCommunity: false,
  status: 'open',
  timesMet: 0,
  metByWealthId: null,
  metAt: null,
  ...row,
});

const subjectsOf = ({ councilId }: Place) => [
  { councilId: null, isOfCommunity: false },
  { councilId, isOfCommunity: false },
  { councilId: null, isOfCommunity: true },
];

export const ofNeeds: Statements = {
  'needs, in every state, order and position': async ({ needs }, { communityId, councilId, needId: id }) => {
    for (const filter of [
      { status: 'open', isDeleted: false },
      { status: 'met', isDeleted: false, createdBy: 'user-20' },
      { status: 'cancelled', isDeleted: false, q: 'need 99' },
      { status: 'open', isDeleted: true },
      { status: 'open', isDeleted: false, councilId },
      { status: 'open', isDeleted: false, isOfCommunity: true },
    ] as const)
      for (const [sort, key] of [
        ['newest', at],
        ['oldest', at],
        ['title', 'Need 5'],
      ] as const)
        for (const after of [null, { key, id }]) await needs.list(userId, communityId, { ...filter, sort }, { limit: 26, after });
  },
  'one need, and what meets it': async ({ needs }, place) => {
    await needs.find(userId, place);
    for (const subject of subjectsOf(place)) await needs.findCreateTarget(userId, place.communityId, subject, 'key');
    // No row is found, where one is expected.
    await needs.hasWealth(userId, place.communityId, place.wealthId).catch(() => undefined);
  },
  'changes of needs': async ({ needs }, place) => {
    for (const subject of subjectsOf(place)) await needs.insert({ ...needOf(place), ...subject }, write(), remembered);
    await needs.save(needOf(place), { isDeleted: false, isMetNow: true }, write());
  },
};
