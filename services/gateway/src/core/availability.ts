import { AppError } from '@guildhall/errors';

/** What the gateway knows of a service and of the shared database as that service sees it. */
export type Availability =
  | { readonly status: 'not_configured' }
  | { readonly status: 'connecting' | 'ready' }
  /** The service answers, the shared database does not. */
  | { readonly status: 'unavailable'; readonly detail?: string }
  /** The service itself does not answer. */
  | { readonly status: 'unreachable'; readonly detail?: string };

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
