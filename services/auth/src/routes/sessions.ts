import { authRoutes } from '@guildhall/contracts';
import { contextOf, serve } from '@guildhall/http';
import { cursorOf, pageRequest, readPosition, toPage, type ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import { listSessions, revokeOtherSessions, revokeSession } from '../core/sessions.ts';
import type { Database } from '../core/stores.ts';

export interface SessionRouteParts extends ContextParts {
  readonly database: Database;
}

export const addSessionRoutes = (app: FastifyInstance, parts: SessionRouteParts): void => {
  const { database } = parts;
  serve(app, authRoutes.listSessions, 'principal', async (call) => {
    const rows = await listSessions(database, contextOf(parts, call), pageRequest(call.query, readPosition));
    const { items, nextCursor } = toPage(rows, call.query, cursorOf);
    return { body: { items: items.map((row) => ({ ...row, isCurrent: row.id === call.caller.sessionId })), nextCursor } };
  });
  serve(app, authRoutes.revokeSession, 'principal', async (call) => {
    await revokeSession(database, contextOf(parts, call), call.params.sessionId);
    return {};
  });
  serve(app, authRoutes.revokeOtherSessions, 'principal', async (call) => {
    await revokeOtherSessions(database, contextOf(parts, call));
    return {};
  });
};
