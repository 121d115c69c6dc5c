import { afterAll, beforeAll } from 'vitest';
import { startOutbox, type OutboxWindow } from './outbox.ts';
import { startTeamService, type TeamService, type TeamServiceOptions } from './team-service.ts';

interface Started {
  readonly service: TeamService;
  readonly outbox: OutboxWindow;
}

/**
 * A service for the tests of a file, with a look into its outbox: started before the first test, stopped after the last.
 * Both throw an Error when they are used outside of a test.
 */
export const useTeamService = (options?: TeamServiceOptions): Started => {
  let started: Started | undefined;
  beforeAll(async () => {
    const service = await startTeamService(options);
    started = { service, outbox: await startOutbox(service.databaseUrl) };
  });
  afterAll(async () => {
    await started?.outbox.close();
    await started?.service.close();
  });
  const use = <Part extends keyof Started>(part: Part): Started[Part] => {
    if (started === undefined) throw new Error('The service runs while tests do, not while they are defined.');
    return started[part];
  };
  return { service: lazily(() => use('service')), outbox: lazily(() => use('outbox')) };
};

/** An object that reads each property from `target` when it is used. */
const lazily = <T extends object>(target: () => T): T =>
  new Proxy({} as T, { get: (_none, name) => Reflect.get(target(), name) as unknown });
