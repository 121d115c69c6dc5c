import type { AuditCounts } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { requireAuditReader, requireCommunityAuditReader } from '../access.ts';
import type { AuditFilters } from './audit-events.ts';
import { plainUuid } from '../uuid.ts';

export type CountedBy = AuditCounts['by'];
/** The filters of a count, with a bounded time. */
export type CountFilters = AuditFilters & { readonly from: string; readonly to: string };

export interface EventCounts {
  /** Counts events per day (UTC, oldest first) or per action (most frequent first), `limit` events at most. */
  count(filters: CountFilters, by: CountedBy, limit: number): Promise<AuditCounts['items']>;
}

export interface CountLimits {
  readonly daysMax: number;
  readonly eventsMax: number;
}

export interface CountEvents {
  /** Throws FORBIDDEN, INVALID, UNPROCESSABLE. */
  count(permissions: readonly string[], filters: CountFilters, by: CountedBy): Promise<AuditCounts>;
  /** Counts the events of one community. Throws NOT_FOUND, INVALID, UNPROCESSABLE. */
  countOfCommunity(
    permissions: readonly string[],
    communityId: string,
    filters: CountFilters,
    by: CountedBy,
  ): Promise<AuditCounts>;
}

const dayMs = 86_400_000;

export const createCountEvents = (counts: EventCounts, { daysMax, eventsMax }: CountLimits): CountEvents => {
  const requireBoundedRange = ({ from, to }: CountFilters): void => {
    if (Date.parse(to) - Date.parse(from) <= daysMax * dayMs) return;
    const message = `must not be more than ${daysMax} days after from`;
    throw new AppError('INVALID', 'The query does not fit this operation.', { errors: [{ path: '/to', message }] });
  };
  const count = async (filters: CountFilters, by: CountedBy): Promise<AuditCounts> => {
    requireBoundedRange(filters);
    const items = await counts.count(filters, by, eventsMax + 1);
    if (items.reduce((sum, item) => sum + item.count, 0) <= eventsMax) return { by, items };
    throw new AppError('UNPROCESSABLE', `There are more than ${eventsMax} events: choose a shorter period, or filter further.`);
  };
  return {
    async count(permissions, filters, by) {
      requireAuditReader(permissions);
      return count(filters, by);
    },
    async countOfCommunity(permissions, communityId, filters, by) {
      const community = plainUuid(communityId);
      requireCommunityAuditReader(permissions, community);
      return count({ ...filters, community }, by);
    },
  };
};
