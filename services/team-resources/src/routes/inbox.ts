import { inboxRoutes as routes } from '@guildhall/contracts';
import { contextOf, serve } from '@guildhall/http';
import { cursorOf, pageRequest, readPosition, toPage, type ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { InboxStore } from '../core/inbox.ts';
import { normaliseEmail } from '../core/invites.ts';

export interface InboxRouteParts extends ContextParts {
  readonly stores: { readonly inbox: InboxStore };
}

export const addInboxRoutes = (app: FastifyInstance, parts: InboxRouteParts): void => {
  serve(app, routes.listInbox, 'principal', async (call) => {
    const { caller, query } = call;
    const user = { userId: caller.userId, email: normaliseEmail(caller.email) };
    const filter = { ...query, page: pageRequest(query, readPosition) };
    return { body: toPage(await parts.stores.inbox.list(user, filter, contextOf(parts, call).at), query, cursorOf) };
  });
};
