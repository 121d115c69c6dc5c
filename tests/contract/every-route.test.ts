import { expect, test } from 'vitest';
import { routeTable } from '../../services/gateway/src/route-table.ts';
import { startFixture as startTeam } from '../../services/team-resources/test/support/team-service.ts';
import { routedTeam } from './callers.ts';
import { everyRoute } from './every-route.ts';
import { optionsOf, routesOf } from './services.ts';

everyRoute({
  name: 'team-resources',
  routes: routesOf('team-resources'),
  start: async (database) => routedTeam(await startTeam(optionsOf(database))),
  refused: {
    // The token of the examples was never given, and the only owner of a community stays.
    acceptInvite: 'NOT_FOUND',
    declineInvite: 'NOT_FOUND',
    lookAtInvite: 'NOT_FOUND',
    // A new workspace has no document.
    exportControlMDocument: 'NOT_FOUND',
    updateMember: 'CONFLICT',
    removeMember: 'CONFLICT',
    // Nobody has voted yet.
    getBallot: 'NOT_FOUND',
    // Nobody vouches for themselves.
    awardTrust: 'UNPROCESSABLE',
    withdrawTrustAward: 'NOT_FOUND',
    // Nobody belongs to a new council.
    removeCouncilMember: 'NOT_FOUND',
  },
});

test('every route of the table that needs the shared database is in one of the suites', () => {
  const covered = (['auth', 'team-resources', 'audit'] as const).flatMap(routesOf);
  expect(covered).toHaveLength(routeTable.filter(({ requiresSharedDb }) => requiresSharedDb !== null).length);
  expect(covered.length).toBeGreaterThan(60);
});
