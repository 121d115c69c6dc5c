import { everyRouteByLane } from './by-lane.ts';
import { teamSuite } from './route-suites.ts';

everyRouteByLane('team-resources', teamSuite);
