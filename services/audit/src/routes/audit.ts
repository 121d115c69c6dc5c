import { auditRoutes, ownTrailRoutes, pageLimitDefault } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import { decodeCursor, encodeCursor, timeInCursor, uuidInCursor } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { AuditPageRequest } from '../core/trail/audit-events.ts';
import type { EventPage, ListEvents } from '../core/trail/list-events.ts';
import { parseFilters } from '../core/trail/parse-filters.ts';
import type { GetStatus } from '../core/trail/status.ts';

export interface AuditRouteParts {
  readonly listEvents: ListEvents;
  readonly getStatus: GetStatus;
}

/** Parses a cursor. Throws INVALID unless its values are ones that this list returned. */
const readAfter = (cursor: string | undefined): AuditPageRequest['after'] => {
  if (cursor === undefined) return null;
  const [occurredAt = '', id = ''] = decodeCursor(cursor, 2);
  return { occurredAt: timeInCursor(occurredAt), id: uuidInCursor(id) };
};

const answerPage = ({ items, end }: EventPage) => ({
  body: { items, nextCursor: end === null ? null : encodeCursor([end.occurredAt, end.id]) },
});

export const auditEventRoutes = (app: FastifyInstance, { listEvents, getStatus }: AuditRouteParts): void => {
  serve(app, auditRoutes.listAuditEvents, 'principal', async ({ caller, query }) => {
    const { limit = pageLimitDefault, cursor, ...filters } = query;
    return answerPage(await listEvents.list(caller.permissions, parseFilters(filters), { limit, after: readAfter(cursor) }));
  });
  serve(app, auditRoutes.listCommunityAuditEvents, 'principal', async ({ caller, params, query }) => {
    const { limit = pageLimitDefault, cursor, ...filters } = query;
    const page = { limit, after: readAfter(cursor) };
    return answerPage(await listEvents.listOfCommunity(caller.permissions, params.communityId, parseFilters(filters), page));
  });
  serve(app, ownTrailRoutes.listOwnEvents, 'principal', async ({ caller, query }) => {
    const { limit = pageLimitDefault, cursor, ...filters } = query;
    return answerPage(await listEvents.listOwn(caller.userId, parseFilters(filters), { limit, after: readAfter(cursor) }));
  });
  serve(app, auditRoutes.getAuditEvent, 'principal', async ({ caller, params }) => ({
    body: await listEvents.get(caller.permissions, params.eventId),
  }));
  serve(app, auditRoutes.getAuditStatus, 'principal', async ({ caller, requestId }) => ({
    body: await getStatus(caller.permissions, requestId),
  }));
};
