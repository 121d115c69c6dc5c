import { showLog } from '@guildhall/testkit';
import { afterAll, beforeAll, test } from 'vitest';
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

/** One service for all files of a worker. A database with its first connections and plans costs more than most files ask of it. */
const ofWorker = test.extend('shared', { scope: 'worker' }, async ({}, { onCleanup }) => {
  const started = await startWithOutbox();
  onCleanup(() => stop(started));
  return started;
});

/**
 * A service for the tests of a file, with a look into its outbox. Without options, other files have used it and will: a test keeps to rows of its
 * own. With options, the file has it to itself: it is started before the first test and stopped after the last.
 * Both throw an Error when they are used outside of a test.
 */
export const useTeamService = (options?: TeamServiceOptions): Started => {
  let started: Started | undefined;
  if (options === undefined) {
    ofWorker.beforeAll(({ shared }) => {
      started = shared;
      showLog('team-resources', shared.service.lines);
    });
  } else {
    beforeAll(async () => {
      started = await startWithOutbox(options);
    });
    afterAll(async () => {
      if (started !== undefined) await stop(started);
    });
  }
  const use = <Part extends keyof Started>(part: Part): Started[Part] => {
    if (started === undefined) throw new Error('The service runs while tests do, not while they are defined.');
    return started[part];
  };
  return { service: lazily(() => use('service')), outbox: lazily(() => use('outbox')) };
};

/** An object that reads each property from `target` when it is used. */
const lazily = <T extends object>(target: () => T): T =>
  new Proxy({} as T, { get: (_none, name) => Reflect.get(target(), name) as unknown });
