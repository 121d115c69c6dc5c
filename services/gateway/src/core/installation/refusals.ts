import { AppError } from '@guildhall/errors';
import { serviceNames } from '@guildhall/contracts';
import { isOfEnvironment, type StatusOf } from '../availability/availability.ts';

export const noServices = (): AppError =>
  new AppError(
    'CONFLICT',
    'This gateway runs without services, so nothing here could use a shared database. Start auth, team-resources and audit (`make up` starts everything) and name them as AUTH_URL, TEAM_RESOURCES_URL and AUDIT_URL.',
  );

export const managedByEnvironment = (): AppError =>
  new AppError(
    'CONFIGURED_BY_ENVIRONMENT',
    'The environment of the services names the shared database (DATABASE_URL): change it there.',
  );

export const runInProgress = (): AppError =>
  new AppError('RUN_IN_PROGRESS', 'Another configuration is in progress. Follow it to its end, then try again.');

export const serviceUnavailable = (service: string, cause: unknown): AppError =>
  new AppError('SERVICE_UNAVAILABLE', `The ${service} service does not answer. Start it, then configure again.`, {
    cause,
    retryAfterSeconds: 2,
  });

/** Throws CONFIGURED_BY_ENVIRONMENT if the environment of a service names the shared database. */
export const requireChangeable = (statusOf: StatusOf): void => {
  if (serviceNames.some((service) => isOfEnvironment(statusOf(service)))) throw managedByEnvironment();
};
