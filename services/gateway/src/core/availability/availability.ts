import { AppError } from '@guildhall/errors';

/** What the gateway knows of a service and of the shared database as that service sees it. */
export interface Availability {
  /** `unavailable`: the service answers, the shared database does not. `unreachable`: the service itself does not answer. */
  readonly status: 'not_configured' | 'connecting' | 'ready' | 'unavailable' | 'unreachable';
  /** A few words on why; may name hosts, so no caller is told of an unreachable service's. */
  readonly detail?: string;
  /** Who told the service where the shared database is. Not there while the service has not said. */
  readonly source?: 'environment' | 'installation' | null;
  /** Which address the gateway told it. */
  readonly configurationId?: string | null;
  readonly migrations?: { readonly applied: number; readonly pending: number } | null;
}

/** Seconds after which a caller may ask again: a little more than it takes to notice a recovery. */
export const retryAfterSeconds = 2;

/** The refusal that an availability means for a team route; undefined when the route can be served. */
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

/** What a service's own refusal says of the shared database; undefined for one that says nothing of it: being busy, above all. */
export const availabilityBehind = (code: string): Availability | undefined => {
  if (code === 'NOT_CONFIGURED') return { status: 'not_configured', detail: 'it refused a request for that' };
  if (code === 'SHARED_DB_UNAVAILABLE') return { status: 'unavailable', detail: 'it refused a request for that' };
  return undefined;
};

/**
 * What a service's word means beside what this gateway holds: `held` is the configuration that it keeps, null for none.
 * A service that has started anew is on its way, and one that still uses what was given up is not configured.
 */
export const besideHeld = (held: string | null, look: Availability): Availability => {
  if (look.status === 'unreachable' || look.source === undefined || look.source === 'environment') return look;
  if (held === null) return { status: 'not_configured', source: null, configurationId: null, migrations: null };
  const isThere = look.configurationId === held && look.status !== 'not_configured';
  return isThere ? look : { ...look, status: 'connecting', detail: 'it is being told where the database is' };
};

/** Where the shared database's address comes from, as far as a service tells; an older one tells by being connected. */
export const isOfEnvironment = ({ source, status }: Availability): boolean =>
  source === 'environment' || (source === undefined && (status === 'ready' || status === 'unavailable'));
