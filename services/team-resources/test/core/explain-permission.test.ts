import { expect, test } from 'vitest';
import { decide, type MemberFacts } from '../../src/core/explain-permission.ts';

const member: MemberFacts = {
  role: 'member',
  rank: 'member',
  score: 3,
  scoreToAwardTrust: 15,
  scoreForWealth: 3,
  isPollCreator: false,
  title: 'New',
  handlesDisputes: false,
  visibility: {
    showActiveMembers: true,
    showWealthGeneration: true,
    showTrustNetwork: true,
    showCouncilActivity: true,
    showNeedsFulfillment: true,
    showDisputeRate: false,
  },
};

test.each([
  ['a stranger', null, 'community:read', false, 'membership'],
  ['a role that lacks it', member, 'community:update', false, 'role'],
  ['a role that includes it', member, 'script:create', true, 'role'],
  ['an own role that lacks it', { ...member, role: 'own:community:read script:read' }, 'script:create', false, 'role'],
  ['an own role that includes it', { ...member, role: 'own:community:read script:read' }, 'script:read', true, 'role'],
  ['a score below the threshold', member, 'trust:award', false, 'trust-threshold'],
  ['a score at the threshold', member, 'wealth:create', true, 'trust-threshold'],
  ['who is no poll creator', member, 'poll:create', false, 'poll-creators'],
  ['a poll creator', { ...member, isPollCreator: true }, 'poll:create', true, 'poll-creators'],
  ['a moderator, whatever the list of poll creators says', { ...member, role: 'moderator' }, 'poll:create', true, 'role'],
  ['an admin, whom no threshold holds', { ...member, role: 'admin', scoreToAwardTrust: 0 }, 'trust:award', true, 'role'],
  [
    'a member of a council that handles disputes',
    { ...member, handlesDisputes: true },
    'dispute:resolve',
    true,
    'dispute-councils',
  ],
  ['who is in no such council', { ...member, role: 'admin' }, 'dispute:resolve', false, 'dispute-councils'],
  [
    'a council member whose role opens no disputes',
    { ...member, role: 'viewer', handlesDisputes: true },
    'dispute:resolve',
    false,
    'role',
  ],
  ['a metric that is shown', member, 'metrics:active-members', true, 'metric-visibility'],
  ['a hidden metric', member, 'metrics:dispute-rate', false, 'metric-visibility'],
  ['a hidden metric, for an admin', { ...member, role: 'admin' }, 'metrics:dispute-rate', true, 'metric-visibility'],
] as const)('%s decides', (_who, facts, permission, isAllowed, rule) => {
  expect(decide(facts, permission)).toEqual({ isAllowed, rule, explanation: expect.any(String) });
});
