import { auditLogRoutes, auditRoutes, exampleParamsOf } from '@guildhall/contracts';
import { waitFor } from '@guildhall/testkit';
import { eventOf, startFixture as startAudit } from '../../services/audit/test/contract/fixture.ts';
import { routed } from './callers.ts';
import { everyRoute } from './every-route.ts';
import { optionsOf, routesOf } from './services.ts';

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
