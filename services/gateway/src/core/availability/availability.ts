import { AppError } from '@guildhall/errors';
import type { ServiceName } from '@guildhall/contracts';

/** The status of a service, and of the shared database as that service sees it. */
export interface Availability {
  /** `unavailable`: the service answers, the shared database does not. `unreachable`: the service itself does not answer. */
  readonly status: 'not_configured' | 'connecting' | 'ready' | 'unavailable' | 'unreachable';
  /** A few words on why. May name hosts: that of an unreachable service is shown to no caller. */
  readonly detail?: string;
  /** The source of the service's database address. Absent until the service has reported it. */
  readonly source?: 'environment' | 'installation' | null;
  /** The id of the configuration that the service uses. */
  readonly configurationId?: string | null;
  readonly migrations?: { readonly applied: number; readonly pending: number } | null;
}

/** The status of each service. */
export type StatusOf = (service: ServiceName) => Availability;

/** Seconds after which a caller may try again: a little longer than it takes to notice a recovery. */
const retryAfterSeconds = 2;

/** The error of a route that needs the shared database; undefined if the route can be served. */
export const refusalFor = (availability: Availability): AppError | undefined => {
  switch (availability.status) {
    case 'ready':
      return undefined;
    case 'not_configured':
      return new AppError(
        'NOT_CONFIGURED',
        'This installation works solo: no shared database is set up, so team routes cannot be served.',
        {
          retryAfterSeconds: 60,
        },
      );
    case 'connecting':
    case 'unavailable':
      return new AppError(
        'SHARED_DB_UNAVAILABLE',
        'The shared database cannot be reached right now. Personal workspaces go on working.',
        {
          retryAfterSeconds,
        },
      );
    case 'unreachable':
      return new AppError('SERVICE_UNAVAILABLE', 'The service behind this route does not answer right now.', {
        retryAfterSeconds,
      });
  }
};

/** The availability that the code of a service's 503 implies; undefined if it implies none, as for a busy service. */
export const availabilityImpliedBy = (code: string): Availability | undefined => {
  if (code === 'NOT_CONFIGURED') return { status: 'not_configured', detail: 'a request was refused for this reason' };
  if (code === 'SHARED_DB_UNAVAILABLE') return { status: 'unavailable', detail: 'a request was refused for this reason' };
  return undefined;
};

/**
 * Effective status, by desired and actual state: the service's own status corrected by the configuration this gateway holds, null for none. A service that
 * has restarted is connecting until it has its configuration again; one that still uses a former configuration is not configured.
 */
export const effectiveStatus = (expectedId: string | null, reported: Availability): Availability => {
  if (reported.status === 'unreachable' || reported.source === undefined || reported.source === 'environment') return reported;
  if (expectedId === null) return { status: 'not_configured', source: null, configurationId: null, migrations: null };
  const isInSync = reported.configurationId === expectedId && reported.status !== 'not_configured';
  return isInSync
    ? reported
    : { ...reported, status: 'connecting', detail: 'the service is being sent its database configuration' };
};

/** True if the service's environment names the database. A connected service that does not report a source counts too. */
export const isOfEnvironment = ({ source, status }: Availability): boolean =>
  source === 'environment' || (source === undefined && (status === 'ready' || status === 'unavailable'));

/** The reason why a service is not ready, for callers; undefined where there is nothing to say. The detail of an unreachable service may name hosts. */
export const publicDetail = (status: Availability['status'], detail: string | undefined): string | undefined => {
  if (status === 'unreachable') return 'the service does not answer';
  return status === 'ready' || status === 'not_configured' ? undefined : detail;
};
