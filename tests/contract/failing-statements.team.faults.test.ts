import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture } from '../../services/team-resources/test/support/team-service.ts';
import { routedTeam } from './callers.ts';
import { changes, prepare } from './community-changes.ts';
import { changeOf, readContents, sendWhileFailing } from './failing-statements.ts';
import { sendAs, type RoutedService } from './route-client.ts';

/** Every change of a community, while the statements of team-resources fail at random before and after they ran. */

let fixture: Awaited<ReturnType<typeof startFixture>>;
let service: RoutedService;
beforeAll(async () => {
  fixture = await startFixture();
  service = routedTeam(fixture);
});
afterAll(() => fixture.close());

const seed = Number(process.env['PROPERTY_SEED'] ?? '1');
const read = () => readContents(fixture.tables, 'team');
let sent = 0;

test.each(changes)('%s is made once, whole or not at all, whatever statement fails', async (_name, contract) => {
  const started = { service, tables: fixture.tables };
  const smooth = await prepare(started, contract);
  const before = await read();
  const headers = { ...smooth.request.headers, 'idempotency-key': `smooth-${contract.name}` };
  const { status } = await sendAs(service, smooth.owner, contract, { ...smooth.request, headers });
  expect(status).toBeLessThan(300);
  const expected = changeOf(before, await read());
  const { owner, request } = await prepare(started, contract);
  const options = { service, applicationName: 'guildhall-team-resources', read };
  sent += await sendWhileFailing(options, { caller: owner, contract, request }, expected, seed);
});

test('statements did fail: more requests were sent than there are changes', () => {
  expect(sent).toBeGreaterThan(changes.length);
});
