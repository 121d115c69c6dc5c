import type { ServiceName } from '@guildhall/contracts';
import { routeTable } from '../../services/gateway/src/route-table.ts';

/** The routes of a service, and those that it answers in part: the gateway has the part of this machine. */
export const routesOf = (service: ServiceName) =>
  routeTable.filter((route) => route.service === service || (route.service === 'gateway' && route.requiresSharedDb === service));

type Database = 'ready' | 'away' | 'none';

/** A service with its database, with one that cannot be reached, or without. */
export const optionsOf = (database: Database) => ({
  isConfigured: database === 'ready',
  env: database === 'away' ? { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/nothing' } : {},
});
