import { everyRoute } from './every-route.ts';
import { authSuite } from './route-suites.ts';

everyRoute(authSuite);
