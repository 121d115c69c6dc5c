import { expect, test } from 'vitest';
import { useTeamService } from '../support/use-team-service.ts';
import { holdForDryRuns } from './dry-runs.ts';

/** Random communities and changes. The tests of single dry runs: dry-runs.test.ts. */

const { service, outbox } = useTeamService();

test('twenty dry runs answer exactly the difference that the change itself makes to what is explained, and change nothing', async () => {
  expect(await holdForDryRuns(service, outbox, 20)).toBeGreaterThanOrEqual(20);
});
