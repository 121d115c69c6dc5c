import { auditRejectedRoutes, pageLimitDefault } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import { decodeCursor, encodeCursor, timeInCursor, uuidInCursor } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { ReviewRejected } from '../core/rejected/review-rejected.ts';

const readAfter = (cursor: string | undefined) => {
  if (cursor === undefined) return null;
  const [at = '', id = ''] = decodeCursor(cursor, 2);
  return { at: timeInCursor(at), id: uuidInCursor(id) };
};

/** Dead letters: to read, and to try again. */
export const addRejectedRoutes = (app: FastifyInstance, review: ReviewRejected): void => {
  serve(app, auditRejectedRoutes.listRejectedEvents, 'principal', async ({ caller, query }) => {
    const { limit = pageLimitDefault, cursor } = query;
    const found = await review.list(caller.permissions, { limit, after: readAfter(cursor) });
    const items = found.slice(0, limit).map(({ at, ...event }) => ({ ...event, rejectedAt: at }));
    const last = items.at(-1);
    const hasMore = found.length > limit && last !== undefined;
    return { body: { items, nextCursor: hasMore ? encodeCursor([last.rejectedAt, last.id]) : null } };
  });
  serve(app, auditRejectedRoutes.retryRejectedEvent, 'principal', async ({ caller, params }) => {
    await review.retry(caller.permissions, params.eventId);
    return {};
  });
};
