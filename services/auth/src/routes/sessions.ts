import { authRoutes, pageLimitDefault } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import { decodeCursor, encodeCursor, timeInCursor, uuidInCursor } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { Caller } from '../core/origin.ts';
import type { DeviceSession, PageRequest } from '../core/sessions.ts';
import { callerOf } from './origin.ts';

export interface SessionRules {
  listSessions(caller: Caller, page: PageRequest): Promise<{ items: readonly DeviceSession[]; hasMore: boolean }>;
  revokeSession(caller: Caller, sessionId: string): Promise<void>;
  revokeOtherSessions(caller: Caller): Promise<void>;
}

/** Where the last page ended: values that this list gave out, or INVALID. */
const readAfter = (cursor: string | undefined): PageRequest['after'] => {
  if (cursor === undefined) return null;
  const [createdAt = '', id = ''] = decodeCursor(cursor, 2);
  return { createdAt: timeInCursor(createdAt), id: uuidInCursor(id) };
};

export const sessionRoutes = (app: FastifyInstance, rules: SessionRules): void => {
  serve(app, authRoutes.listSessions, 'principal', async (call) => {
    const { limit = pageLimitDefault, cursor } = call.query;
    const caller = callerOf(call);
    const { items, hasMore } = await rules.listSessions(caller, { limit, after: readAfter(cursor) });
    const last = items.at(-1);
    return {
      body: {
        items: items.map((session) => ({ ...session, isCurrent: session.id === caller.sessionId })),
        nextCursor: hasMore && last !== undefined ? encodeCursor([last.createdAt, last.id]) : null,
      },
    };
  });
  serve(app, authRoutes.revokeSession, 'principal', async (call) => {
    await rules.revokeSession(callerOf(call), call.params.sessionId);
    return {};
  });
  serve(app, authRoutes.revokeOtherSessions, 'principal', async (call) => {
    await rules.revokeOtherSessions(callerOf(call));
    return {};
  });
};
