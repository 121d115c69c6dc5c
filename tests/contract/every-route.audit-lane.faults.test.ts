import { everyRouteByLane } from './by-lane.ts';
import { auditSuite } from './route-suites.ts';

everyRouteByLane('audit', auditSuite);
