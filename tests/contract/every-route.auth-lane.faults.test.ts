import { everyRouteByLane } from './by-lane.ts';
import { authSuite } from './route-suites.ts';

everyRouteByLane('auth', authSuite);
