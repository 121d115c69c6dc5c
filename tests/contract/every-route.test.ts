import { expect, test } from 'vitest';
import { routeTable } from '../../services/gateway/src/route-table.ts';
import { everyRoute } from './every-route.ts';
import { teamSuite } from './route-suites.ts';
import { routesOf } from './services.ts';

everyRoute(teamSuite);

test('every route of the table that needs the shared database is in one of the suites', () => {
  const covered = (['auth', 'team-resources', 'audit'] as const).flatMap(routesOf);
  expect(covered).toHaveLength(routeTable.filter(({ requiresSharedDb }) => requiresSharedDb !== null).length);
  expect(covered.length).toBeGreaterThan(60);
});
