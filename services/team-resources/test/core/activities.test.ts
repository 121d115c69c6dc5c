import * as contracts from '@guildhall/contracts';
import type { AuditPayload, PublicContract } from '@guildhall/contracts';
import { expect, test } from 'vitest';
import { activityOf, visibilities } from '../../src/core/activities.ts';

const payload: AuditPayload = {
  actor: { type: 'user', id: 'ada', sessionId: 's', ip: '203.0.113.7', userAgent: 'test' },
  action: 'script.update',
  resource: { type: 'script', id: 'r', name: 'Night batch' },
  communityId: 'c',
  result: 'success',
  changes: [{ path: '/name', before: 'a', after: 'b' }],
  requestId: 'q',
  service: 'team-resources',
};
const recorded = (changes: Partial<AuditPayload>) =>
  activityOf({ id: 'e', occurredAt: 'then', payload: { ...payload, ...changes } });

test('an activity keeps who did what to what, without address, device and changes', () => {
  expect(recorded({})).toEqual({
    id: 'e',
    communityId: 'c',
    userId: 'ada',
    action: 'script.update',
    resource: { type: 'script', id: 'r', name: 'Night batch' },
    isShown: true,
    isContribution: true,
    occurredAt: 'then',
  });
});

test('what was refused, was done by no user, or lies in no community is none', () => {
  const { communityId: _communityId, ...outside } = payload;
  expect([
    recorded({ result: 'denied' }),
    recorded({ actor: { type: 'system', id: 'x' } }),
    activityOf({ id: 'e', occurredAt: 'then', payload: outside }),
  ]).toEqual([undefined, undefined, undefined]);
});

test.each([
  ['invite.create', false, false],
  ['invite.accept', true, false],
  ['member.leave', true, false],
  ['council.create', true, true],
  ['ballot.cast', false, true],
  ['dispute.open', false, true],
])('%s is shown to members: %s, and is a contribution: %s', (action, isShown, isContribution) => {
  expect(recorded({ action })).toMatchObject({ isShown, isContribution });
});

test('somebody has decided who sees what is done to each noun in a community', () => {
  const groups = Object.entries(contracts).filter(([name]) => name.endsWith('Routes') && name !== 'internalRoutes');
  const routes = groups.flatMap(([, group]) => Object.values(group as Readonly<Record<string, PublicContract>>));
  const inCommunity = routes.filter(({ path, method }) => path.startsWith('/v1/communities/:communityId/') && method !== 'GET');
  const nouns = [...new Set(inCommunity.map(({ action }) => action.split('.')[0] ?? ''))];
  expect(nouns.length).toBeGreaterThan(15);
  expect(nouns.filter((noun) => !(noun in visibilities))).toEqual([]);
});

test('the name of what not every member may see is left out', () => {
  expect(recorded({ action: 'wealth.create', resource: { type: 'wealth', id: 'r', name: 'Drill' } })?.resource).toEqual({
    type: 'wealth',
    id: 'r',
  });
});
