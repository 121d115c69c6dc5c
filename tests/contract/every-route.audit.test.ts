import { everyRoute } from './every-route.ts';
import { auditSuite } from './route-suites.ts';

everyRoute(auditSuite);
