import type { AlteredEvent, AuditEvent } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { requireAuditReader, requireCommunityAuditReader } from '../access.ts';
import type { AuditEvents, AuditFilters, PageEnd, AuditPageRequest } from './audit-events.ts';
import type { CheckEntry } from '../log/integrity.ts';
import type { AlteredEntry, LogEntry } from '../log/log-reader.ts';
import { needsLooking } from './event-filters.ts';
import { plainUuid } from '../uuid.ts';

/** An event as the API answers it: one that is not what its leaf hash was made of never looks like a real one. */
export type TrailEvent = AuditEvent | AlteredEvent;

export interface EventPage {
  readonly items: readonly TrailEvent[];
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
  /** Lists what a user did and what others did to their account; of those others, where they were is left out. */
  listOwn(userId: string, filters: AuditFilters, page: AuditPageRequest): Promise<EventPage>;
  /** Throws FORBIDDEN, NOT_FOUND. */
  get(permissions: readonly string[], id: string): Promise<TrailEvent>;
}

export interface ListEventsParts {
  readonly events: Pick<AuditEvents, 'list' | 'listAbout' | 'lookedAtEnd' | 'find'>;
  readonly checkEntry: CheckEntry;
}

/** The event as somebody sees it who is not its actor: without the session, address and device of another user. */
const withoutOrigin =
  (reader: string) =>
  (event: TrailEvent): TrailEvent => {
    if ('altered' in event || event.actor.id === reader || event.actor.type === 'system') return event;
    const { type, id } = event.actor;
    return { ...event, actor: { type, id } };
  };

const answerOf = (entry: LogEntry | AlteredEntry): TrailEvent =>
  'altered' in entry ? entry : { ...entry.event, leafIndex: entry.leafIndex };

export const createListEvents = ({ events, checkEntry }: ListEventsParts): ListEvents => {
  const pageIn = (found: readonly LogEntry[], limit: number): EventPage => {
    const entries = found.slice(0, limit);
    const items = entries.map(checkEntry).map(answerOf);
    const last = entries.at(-1)?.event;
    return { items, end: found.length > limit && last !== undefined ? { occurredAt: last.occurredAt, id: last.id } : null };
  };
  const pageOf = async (filters: AuditFilters, page: AuditPageRequest): Promise<EventPage> => {
    const found = pageIn(await events.list(filters, page), page.limit);
    return found.end === null && needsLooking(filters) ? { ...found, end: await events.lookedAtEnd(filters, page) } : found;
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
    async listOwn(userId, filters, page) {
      const { items, end } = pageIn(await events.listAbout(userId, filters, page), page.limit);
      return { items: items.map(withoutOrigin(userId)), end };
    },
    async get(permissions, id) {
      requireAuditReader(permissions);
      const entry = await events.find(plainUuid(id));
      if (entry === null) throw new AppError('NOT_FOUND', 'There is no such audit event.');
      return answerOf(checkEntry(entry));
    },
  };
};
