import { internalRoutes } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import { createContext, type ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import { installerActor, type MakeFirstOwner } from '../core/first-owner.ts';
import type { Revocations } from '../core/sessions.ts';
import { findEmail, findPermissions } from '../core/me.ts';
import type { Database } from '../core/stores.ts';

export interface InternalRules {
  listRevoked(since: Date): Promise<Revocations>;
  outboxDepth(): Promise<{ waiting: number; oldestWaitingSeconds: number }>;
  readonly makeFirstOwner: MakeFirstOwner;
}

export interface InternalRouteParts extends ContextParts {
  readonly database: Database;
  readonly rules: InternalRules;
}

/** The routes for the other services of the installation. */
export const addInternalRoutes = (app: FastifyInstance, parts: InternalRouteParts): void => {
  const { database, rules } = parts;
  serve(app, internalRoutes.listRevokedSessions, 'service', async ({ query }) => ({
    body: await rules.listRevoked(new Date(query.since)),
  }));
  serve(app, internalRoutes.getOutboxDepth, 'service', async () => ({ body: await rules.outboxDepth() }));
  serve(app, internalRoutes.makeFirstOwner, 'gateway', async ({ body, requestId }) => {
    const context = createContext(parts, { caller: { actor: installerActor }, requestId });
    return { body: { isNew: await rules.makeFirstOwner(context, body) } };
  });
  serve(app, internalRoutes.findOwner, 'gateway', async () => ({
    body: { hasOwner: await database.stores.setupTokens.hasOwner() },
  }));
  serve(app, internalRoutes.findPermissions, 'gateway', async ({ query }) => ({
    body: { permissions: await findPermissions(database.stores.users, query, parts.now()) },
  }));
  serve(app, internalRoutes.findMissingEvents('invite-mail'), 'service', async ({ body }) => ({
    // Only team-resources writes these: under an id of its own stands nothing that it has not signed.
    body: { missing: await database.stores.inbox.missing(body.events.map(({ id }) => id)), altered: [] },
  }));
  serve(app, internalRoutes.findAccount, 'service', async ({ query }) => ({
    body: { email: await findEmail(database.stores.users, query.userId) },
  }));
};
