import { auditLogRoutes, auditRoutes, authRoutes, exampleBodyOf, exampleParamsOf, type ServiceName } from '@guildhall/contracts';
import { waitFor } from '@guildhall/testkit';
import { expect, test } from 'vitest';
import { eventOf, startFixture as startAudit } from '../../services/audit/test/contract/fixture.ts';
import { startFixture as startAuth } from '../../services/auth/test/contract/fixture.ts';
import { routeTable } from '../../services/gateway/src/route-table.ts';
import { startFixture as startTeam } from '../../services/team-resources/test/support/team-service.ts';
import { routed, routedTeam } from './callers.ts';
import { everyRoute } from './every-route.ts';

/** The routes of a service, and those that it answers in part: the gateway has the part of this machine. */
const routesOf = (service: ServiceName) =>
  routeTable.filter((route) => route.service === service || (route.service === 'gateway' && route.requiresSharedDb === service));

type Database = 'ready' | 'away' | 'none';

const optionsOf = (database: Database) => ({
  isConfigured: database === 'ready',
  env: database === 'away' ? { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/nothing' } : {},
});

everyRoute({
  name: 'auth',
  routes: routesOf('auth'),
  start: async (database) => {
    const fixture = await startAuth(optionsOf(database));
    if (database !== 'ready') return routed(fixture);
    await fixture.post('/v1/auth/register', exampleBodyOf(authRoutes.register));
    return routed(fixture, async () => {
      const owner = await fixture.signUp();
      await fixture.grant(owner.userId, 'owner');
      return owner;
    });
  },
  refused: {
    // The account of the examples is not confirmed; no code, token or role of theirs was ever given.
    logIn: 'EMAIL_NOT_VERIFIED',
    verifyCode: 'WRONG_CODE',
    refresh: 'UNAUTHENTICATED',
    removeRole: 'NOT_FOUND',
  },
  open: ['getJwks'],
});

everyRoute({
  name: 'team-resources',
  routes: routesOf('team-resources'),
  start: async (database) => routedTeam(await startTeam(optionsOf(database))),
  refused: {
    // The token of the examples was never given, and the only owner of a community stays.
    acceptInvite: 'NOT_FOUND',
    declineInvite: 'NOT_FOUND',
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

everyRoute({
  name: 'audit',
  routes: routesOf('audit'),
  start: async (database) => {
    const fixture = await startAudit(optionsOf(database));
    if (database !== 'ready') return routed(fixture);
    await fixture.report(eventOf({ id: String(exampleParamsOf(auditRoutes.getAuditEvent)['eventId']) }));
    const isSigned = async () => (await fetch(`${fixture.url}${auditLogRoutes.getAuditCheckpoint.path}`)).ok;
    await waitFor(isSigned, { what: 'the log to be signed' });
    return routed(fixture);
  },
  refused: {
    // The log of the examples has thousands of entries, this one has one; and no event was rejected.
    getAuditLogEntries: 'NOT_FOUND',
    getAuditLogTile: 'NOT_FOUND',
    getAuditConsistency: 'NOT_FOUND',
    retryRejectedEvent: 'NOT_FOUND',
  },
  open: ['getAuditCheckpoint', 'getAuditLogCheckpoint', 'getAuditLogKey', 'getAuditLogTile'],
});

test('every route of the table that needs the shared database is in one of the suites', () => {
  const covered = (['auth', 'team-resources', 'audit'] as const).flatMap(routesOf);
  expect(covered).toHaveLength(routeTable.filter(({ requiresSharedDb }) => requiresSharedDb !== null).length);
  expect(covered.length).toBeGreaterThan(60);
});
