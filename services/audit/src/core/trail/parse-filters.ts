import { AppError } from '@guildhall/errors';
import type { AuditFilters } from './audit-events.ts';
import { plainUuid } from '../uuid.ts';

/** The bounds of the time of an event, which the table enforces. */
const earliestMs = Date.UTC(1970, 0, 1);
const latestMs = Date.UTC(9999, 11, 31);

const invalid = (field: string, message: string): AppError =>
  new AppError('INVALID', 'The query does not fit this operation.', { errors: [{ path: `/${field}`, message }] });

/** A time as the database compares it; one before or after every event becomes the nearest that it knows. */
const readTime = (field: string, text: string): string => {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw invalid(field, 'is not a time that exists');
  return new Date(Math.min(Math.max(time, earliestMs), latestMs)).toISOString();
};

/** The filters of a query. Throws INVALID for what no event can have. */
export const parseFilters = ({ community, from, to, ...query }: AuditFilters): AuditFilters => ({
  ...query,
  ...(community === undefined ? {} : { community: plainUuid(community) }),
  ...(from === undefined ? {} : { from: readTime('from', from) }),
  ...(to === undefined ? {} : { to: readTime('to', to) }),
});
