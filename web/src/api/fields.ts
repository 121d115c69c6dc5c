// Written by make generate from the contracts.
import type { Fields } from './field-kinds.ts';

export const createCommunity = {
  name: { kind: 'line', max: 100, isRequired: true },
  description: { kind: 'text', max: 4000 },
} as const satisfies Fields;

export const createCouncil = {
  name: { kind: 'line', max: 200, isRequired: true },
  description: { kind: 'text', max: 4000 },
} as const satisfies Fields;

export const createForum = {
  name: { kind: 'line', max: 200, isRequired: true },
  description: { kind: 'text', max: 4000 },
} as const satisfies Fields;

export const createNeed = {
  title: { kind: 'line', max: 200, isRequired: true },
  description: { kind: 'text', max: 4000 },
  quantity: { kind: 'number', min: 1, max: 1000000 },
  intervalDays: { kind: 'number', min: 1, max: 366 },
  councilId: { kind: 'id' },
  isOfCommunity: { kind: 'check' },
} as const satisfies Fields;

export const createOwnRole = {
  name: { kind: 'line', max: 200, isRequired: true },
  description: { kind: 'text', max: 4000 },
} as const satisfies Fields;

export const createPoll = {
  question: { kind: 'line', max: 200, isRequired: true },
  description: { kind: 'text', max: 4000 },
  options: { kind: 'lines', min: 2, max: 20, isRequired: true },
  choice: { kind: 'choice', options: ['single', 'multiple'] },
  resultsVisible: { kind: 'choice', options: ['always', 'after_vote', 'after_close'] },
  closesAt: { kind: 'time' },
} as const satisfies Fields;

export const createPool = {
  name: { kind: 'line', max: 200, isRequired: true },
  description: { kind: 'text', max: 4000 },
  unit: { kind: 'line', max: 50, isRequired: true },
  councilId: { kind: 'id' },
} as const satisfies Fields;

export const createPoolContribution = {
  kind: { kind: 'choice', options: ['contribution', 'hand-out'], isRequired: true },
  quantity: { kind: 'number', min: 1, max: 1000000, isRequired: true },
  note: { kind: 'text', max: 4000 },
} as const satisfies Fields;

export const createPost = {
  content: { kind: 'text', max: 20000, isRequired: true },
} as const satisfies Fields;

export const createServiceAccount = {
  name: { kind: 'line', max: 200, isRequired: true },
} as const satisfies Fields;

export const createThread = {
  title: { kind: 'line', max: 200, isRequired: true },
  content: { kind: 'text', max: 20000, isRequired: true },
} as const satisfies Fields;

export const createWealth = {
  type: { kind: 'choice', options: ['object', 'service'], isRequired: true },
  title: { kind: 'line', max: 200, isRequired: true },
  description: { kind: 'text', max: 4000 },
  category: { kind: 'line', max: 100 },
  councilId: { kind: 'id' },
  poolId: { kind: 'id' },
  quantity: { kind: 'number', min: 1, max: 1000000 },
  minTrustRequired: { kind: 'number', min: 0, max: 1000 },
  expiresAt: { kind: 'time' },
} as const satisfies Fields;

export const createWealthRequest = {
  quantity: { kind: 'number', min: 1, max: 1000000 },
  note: { kind: 'text', max: 4000 },
} as const satisfies Fields;

export const createWorkspace = {
  name: { kind: 'line', max: 200, isRequired: true },
  description: { kind: 'text', max: 4000 },
} as const satisfies Fields;

export const listActivityQuery = {
  userId: { kind: 'line', max: 255 },
} as const satisfies Fields;

export const listCommunitiesQuery = {
  q: { kind: 'line', max: 200 },
  sort: { kind: 'choice', options: ['newest', 'name'] },
  state: { kind: 'choice', options: ['deleted'] },
  permission: { kind: 'choice', options: ['community:read', 'community:update', 'community:delete', 'member:read', 'member:update', 'member:remove', 'invite:read', 'invite:create', 'invite:revoke', 'own-role:read', 'own-role:create', 'own-role:update', 'own-role:delete', 'activity:read', 'metrics:read', 'council:read', 'council:create', 'council:update', 'council:delete', 'council-member:add', 'council-member:remove', 'workspace:read', 'workspace:create', 'workspace:update', 'workspace:delete', 'script:read', 'script:create', 'script:update', 'script:delete', 'control-m:read', 'control-m:create', 'control-m:update', 'control-m:delete', 'poll:read', 'poll:vote', 'poll:create', 'poll:moderate', 'forum:read', 'forum:post', 'forum:create', 'forum:update', 'forum:delete', 'forum:moderate', 'community-audit:read', 'trust:read', 'trust:award', 'trust:grant', 'wealth:read', 'wealth:create', 'wealth:update', 'wealth:delete', 'wealth:request', 'wealth:moderate', 'pool:read', 'pool:create', 'pool:update', 'pool:delete', 'pool:contribute', 'pool:hand-out', 'dispute:read', 'dispute:open', 'dispute:handle', 'need:read', 'need:create', 'need:update', 'need:moderate'] },
} as const satisfies Fields;

export const listCouncilsQuery = {
  q: { kind: 'line', max: 200 },
  sort: { kind: 'choice', options: ['newest', 'name'] },
  state: { kind: 'choice', options: ['deleted'] },
} as const satisfies Fields;

export const listDisputesQuery = {
  status: { kind: 'choice', options: ['open', 'resolved', 'withdrawn'] },
  sort: { kind: 'choice', options: ['newest', 'oldest'] },
} as const satisfies Fields;

export const listForumsQuery = {
  state: { kind: 'choice', options: ['deleted'] },
  q: { kind: 'line', max: 200 },
  sort: { kind: 'choice', options: ['newest', 'oldest'] },
} as const satisfies Fields;

export const listNeedsQuery = {
  status: { kind: 'choice', options: ['open', 'met', 'cancelled'] },
  createdBy: { kind: 'line', max: 255 },
  councilId: { kind: 'id' },
  isOfCommunity: { kind: 'check' },
  q: { kind: 'line', max: 200 },
  sort: { kind: 'choice', options: ['newest', 'oldest', 'title'] },
  state: { kind: 'choice', options: ['deleted'] },
} as const satisfies Fields;

export const listOwnRolesQuery = {
  q: { kind: 'line', max: 200 },
  sort: { kind: 'choice', options: ['newest', 'name'] },
  state: { kind: 'choice', options: ['deleted'] },
} as const satisfies Fields;

export const listPollsQuery = {
  state: { kind: 'choice', options: ['open', 'closed', 'deleted'] },
  q: { kind: 'line', max: 200 },
  sort: { kind: 'choice', options: ['newest', 'oldest', 'closing'] },
} as const satisfies Fields;

export const listPoolContributionsQuery = {
  kind: { kind: 'choice', options: ['contribution', 'hand-out'] },
  createdBy: { kind: 'line', max: 255 },
} as const satisfies Fields;

export const listPoolsQuery = {
  q: { kind: 'line', max: 200 },
  sort: { kind: 'choice', options: ['newest', 'name'] },
  state: { kind: 'choice', options: ['deleted'] },
} as const satisfies Fields;

export const listThreadsQuery = {
  state: { kind: 'choice', options: ['deleted'] },
  unread: { kind: 'check' },
  q: { kind: 'line', max: 200 },
  sort: { kind: 'choice', options: ['active', 'newest', 'oldest'] },
} as const satisfies Fields;

export const listUsersQuery = {
  q: { kind: 'line', max: 200 },
  role: { kind: 'line' },
  status: { kind: 'choice', options: ['active', 'suspended'] },
  sort: { kind: 'choice', options: ['newest', 'name'] },
} as const satisfies Fields;

export const listWealthQuery = {
  type: { kind: 'choice', options: ['object', 'service'] },
  category: { kind: 'line', max: 100 },
  councilId: { kind: 'id' },
  poolId: { kind: 'id' },
  status: { kind: 'choice', options: ['active', 'fulfilled', 'expired', 'cancelled'] },
  createdBy: { kind: 'line', max: 255 },
  q: { kind: 'line', max: 200 },
  sort: { kind: 'choice', options: ['newest', 'expiring', 'title'] },
  state: { kind: 'choice', options: ['deleted'] },
} as const satisfies Fields;

export const listWealthRequestsQuery = {
  status: { kind: 'choice', options: ['pending', 'accepted', 'rejected', 'fulfilled', 'cancelled'] },
} as const satisfies Fields;

export const openDispute = {
  reason: { kind: 'text', max: 4000, isRequired: true },
} as const satisfies Fields;

export const removePost = {
  reason: { kind: 'line', max: 200, isRequired: true },
} as const satisfies Fields;

export const renamePasskey = {
  name: { kind: 'line', max: 200, isRequired: true },
} as const satisfies Fields;

export const reviseTrustGrant = {
  points: { kind: 'number', min: 0, max: 1000, isRequired: true },
  reason: { kind: 'line', max: 500, isRequired: true },
} as const satisfies Fields;

export const updateCouncil = {
  name: { kind: 'line', max: 200 },
  description: { kind: 'text', max: 4000 },
} as const satisfies Fields;

export const updateDispute = {
  status: { kind: 'choice', options: ['withdrawn', 'resolved'], isRequired: true },
  resolution: { kind: 'text', max: 4000 },
} as const satisfies Fields;

export const updateForum = {
  name: { kind: 'line', max: 200 },
  description: { kind: 'text', max: 4000 },
} as const satisfies Fields;

export const updateNeed = {
  title: { kind: 'line', max: 200 },
  description: { kind: 'text', max: 4000 },
  quantity: { kind: 'number', min: 1, max: 1000000 },
  status: { kind: 'choice', options: ['cancelled'] },
} as const satisfies Fields;

export const updatePoll = {
  description: { kind: 'text', max: 4000 },
  closesAt: { kind: 'time' },
} as const satisfies Fields;

export const updatePool = {
  name: { kind: 'line', max: 200 },
  description: { kind: 'text', max: 4000 },
} as const satisfies Fields;

export const updatePost = {
  content: { kind: 'text', max: 20000, isRequired: true },
} as const satisfies Fields;

export const updateScript = {
  name: { kind: 'line', max: 200 },
  language: { kind: 'line' },
  content: { kind: 'text', max: 500000 },
  description: { kind: 'text', max: 4000 },
  tags: { kind: 'lines', max: 20 },
  note: { kind: 'line', max: 1000 },
} as const satisfies Fields;

export const updateThread = {
  title: { kind: 'line', max: 200, isRequired: true },
} as const satisfies Fields;

export const updateWealth = {
  title: { kind: 'line', max: 200 },
  description: { kind: 'text', max: 4000 },
  category: { kind: 'line', max: 100 },
  councilId: { kind: 'id' },
  poolId: { kind: 'id' },
  quantity: { kind: 'number', min: 1, max: 1000000 },
  minTrustRequired: { kind: 'number', min: 0, max: 1000 },
  expiresAt: { kind: 'time' },
  status: { kind: 'choice', options: ['fulfilled', 'cancelled'] },
} as const satisfies Fields;

export const updateWorkspace = {
  name: { kind: 'line', max: 200 },
  description: { kind: 'text', max: 4000 },
} as const satisfies Fields;
