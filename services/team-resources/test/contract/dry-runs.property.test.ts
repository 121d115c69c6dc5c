import { expect, test } from 'vitest';
import { useTeamService } from '../support/use-team-service.ts';
import { holdForDryRuns } from './dry-runs.ts';

const { service, outbox } = useTeamService();

test('a dry run answers exactly the difference that the change itself makes to what is explained, and changes nothing', async () => {
  expect(await holdForDryRuns(service, outbox, 6)).toBeGreaterThanOrEqual(6);
}, 120_000);
