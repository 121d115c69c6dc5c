import type { AuditEvent } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { requireAuditReader, requireCommunityAuditReader } from '../access.ts';
import type { AuditEvents, AuditFilters, PageEnd, AuditPageRequest } from './audit-events.ts';
import { needsLooking } from './event-filters.ts';
import { plainUuid } from '../uuid.ts';

export interface EventPage {
  readonly items: readonly AuditEvent[];
  /** The position of the next page (keyset pagination); null on the last one. */
  readonly end: PageEnd | null;
}

/** Questions about the audit trail, each asked with the caller's permissions. */
export interface ListEvents {
  /** Throws FORBIDDEN. */
  list(permissions: readonly string[], filters: AuditFilters, page: AuditPageRequest): Promise<EventPage>;
  /** Lists the events of one community, whatever community the filters name. Throws NOT_FOUND. */
  listOfCommunity(
    permissions: readonly string[],
    communityId: string,
    filters: AuditFilters,
    page: AuditPageRequest,
  ): Promise<EventPage>;
  /** Throws FORBIDDEN, NOT_FOUND. */
  get(permissions: readonly string[], id: string): Promise<AuditEvent>;
}

export const createListEvents = (events: Pick<AuditEvents, 'list' | 'lookedAtEnd' | 'find'>): ListEvents => {
  const pageOf = async (filters: AuditFilters, page: AuditPageRequest): Promise<EventPage> => {
    const found = await events.list(filters, page);
    const items = found.slice(0, page.limit);
    const last = items.at(-1);
    if (found.length > page.limit && last !== undefined) return { items, end: { occurredAt: last.occurredAt, id: last.id } };
    return { items, end: needsLooking(filters) ? await events.lookedAtEnd(filters, page) : null };
  };
  return {
    async list(permissions, filters, page) {
      requireAuditReader(permissions);
      return pageOf(filters, page);
    },
    async listOfCommunity(permissions, communityId, filters, page) {
      const community = plainUuid(communityId);
      requireCommunityAuditReader(permissions, community);
      return pageOf({ ...filters, community }, page);
    },
    async get(permissions, id) {
      requireAuditReader(permissions);
      const event = await events.find(plainUuid(id));
      if (event === null) throw new AppError('NOT_FOUND', 'There is no such audit event.');
      return event;
    },
  };
};
