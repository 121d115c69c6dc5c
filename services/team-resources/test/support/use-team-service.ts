import { showLog } from '@guildhall/testkit';
import { untilReady } from '@guildhall/testkit/service';
import { lazily, sharedByWorker } from '@guildhall/testkit/shared-by-worker';
import { afterAll, beforeAll } from 'vitest';
import { startOutbox, type OutboxWindow } from './outbox.ts';
import { startTeamService, type TeamService, type TeamServiceOptions } from './team-service.ts';

interface Started {
  readonly service: TeamService;
  readonly outbox: OutboxWindow;
}

const startWithOutbox = async (options?: TeamServiceOptions): Promise<Started> => {
  const service = await startTeamService(options);
  return { service, outbox: await startOutbox(service.databaseUrl) };
};

const stop = async ({ service, outbox }: Started): Promise<void> => {
  await outbox.close();
  await service.close();
};

const useOfWorker = sharedByWorker({
  open: () => startWithOutbox(),
  close: stop,
  untilReady: ({ service }) => untilReady(service),
});

/**
 * A service for the tests of a file, with a look into its outbox. Without options, other files have used it and will: a test keeps to rows of its
 * own. With options, the file has it to itself: it is started before the first test and stopped after the last.
 */
export const useTeamService = (options?: TeamServiceOptions): Started => {
  const started =
    options === undefined ? useOfWorker(({ service }) => showLog('team-resources', service.lines)) : useOwn(options);
  return { service: lazily(() => started.service), outbox: lazily(() => started.outbox) };
};

const useOwn = (options: TeamServiceOptions): Started => {
  let started: Started | undefined;
  beforeAll(async () => {
    started = await startWithOutbox(options);
  });
  afterAll(async () => {
    if (started !== undefined) await stop(started);
  });
  return lazily(() => {
    if (started === undefined) throw new Error('The service runs while tests do, not while they are defined.');
    return started;
  });
};
