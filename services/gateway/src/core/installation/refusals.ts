import { AppError } from '@guildhall/errors';

export const noServices = (): AppError =>
  new AppError(
    'CONFLICT',
    'This gateway runs without services, so nothing here could use a shared database. Start auth, team-resources and audit (`make up` starts everything) and name them as AUTH_URL, TEAM_RESOURCES_URL and AUDIT_URL.',
  );

export const ruledByEnvironment = (): AppError =>
  new AppError('CONFLICT', 'The environment of the services names the shared database (DATABASE_URL): change it there.');

export const runUnderWay = (): AppError =>
  new AppError('CONFLICT', 'Another configuration is under way. Follow it to its end, then try again.');

export const serviceAway = (service: string, cause: unknown): AppError =>
  new AppError('SERVICE_UNAVAILABLE', `The ${service} service does not answer. Start it, then configure again.`, {
    cause,
    retryAfterSeconds: 2,
  });
