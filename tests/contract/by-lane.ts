import type { ServiceName } from '@guildhall/contracts';
import { expect, test } from 'vitest';
import { everyRoute, type EveryRouteOptions } from './every-route.ts';
import { startLaneDoor, type LaneDoor } from './lane-door.ts';

/** The suite of every route once more, with the gateway's proxy before the service: what is short goes by the lane. */
export const everyRouteByLane = (service: ServiceName, suite: EveryRouteOptions): void => {
  const doors: LaneDoor[] = [];
  everyRoute({
    ...suite,
    name: `${suite.name} by the lane`,
    start: async (database) => {
      const door = await startLaneDoor(service, suite.routes, await suite.start(database));
      doors.push(door);
      return door.service;
    },
  });

  test(`most of the requests to ${service} went by the lane`, () => {
    const [calls, requests] = [
      doors.reduce((sum, door) => sum + door.calls(), 0),
      doors.reduce((sum, door) => sum + door.requests(), 0),
    ];
    expect(calls).toBeGreaterThan(requests / 2);
  });
};
