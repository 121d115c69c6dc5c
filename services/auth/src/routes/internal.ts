import { internalRoutes } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { serve } from '@guildhall/http';
import { createContext, type ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import { installerActor, type MakeFirstOwner } from '../core/first-owner.ts';
import type { Revocations } from '../core/sessions.ts';
import { findEmail, type createFindPermissions } from '../core/me.ts';
import type { FindOutsideUser } from '../core/outside-users.ts';
import type { createFindPersonalToken } from '../core/personal-tokens.ts';
import { keyStateOf } from '../core/signing-keys.ts';
import type { Database } from '../core/stores.ts';

export interface InternalRules {
  listRevoked(since: Date): Promise<Revocations>;
  outboxDepth(): Promise<{ waiting: number; oldestWaitingSeconds: number }>;
  readonly makeFirstOwner: MakeFirstOwner;
  readonly findOutsideUser: FindOutsideUser;
  readonly findPersonalToken: ReturnType<typeof createFindPersonalToken>;
  readonly findPermissions: ReturnType<typeof createFindPermissions>;
}

export interface InternalRouteParts extends ContextParts {
  readonly database: Database;
  readonly rules: InternalRules;
}

/** Throws FORBIDDEN unless the caller keeps a copy of users, or is the gateway. */
const requireUserListReader = (caller: string | null): void => {
  if (caller !== 'team-resources' && caller !== 'gateway')
    throw new AppError('FORBIDDEN', `${caller ?? 'Nobody'} may not list the users of this installation.`);
};

/** The routes for the other services of the installation. */
export const addInternalRoutes = (app: FastifyInstance, parts: InternalRouteParts): void => {
  const { database, rules } = parts;
  serve(app, internalRoutes.listRevokedSessions, 'service', async ({ query }) => ({
    body: await rules.listRevoked(new Date(query.since)),
  }));
  serve(app, internalRoutes.getOutboxDepth, 'service', async () => ({ body: await rules.outboxDepth() }));
  serve(app, internalRoutes.listSigningKeys, 'gateway', async () => ({
    body: { keys: (await database.stores.signingKeys.published()).map(keyStateOf) },
  }));
  serve(app, internalRoutes.makeFirstOwner, 'gateway', async ({ body, requestId }) => {
    const context = createContext(parts, { caller: { actor: installerActor }, requestId });
    return { body: { isNew: await rules.makeFirstOwner(context, body) } };
  });
  serve(app, internalRoutes.findOwner, 'gateway', async () => ({
    body: { hasOwner: await database.stores.setupTokens.hasOwner() },
  }));
  serve(app, internalRoutes.findPermissions, 'gateway', async ({ query }) => ({
    body: { permissions: await rules.findPermissions(query, parts.now()) },
  }));
  serve(app, internalRoutes.findPersonalToken, 'gateway', async ({ body }) => {
    const found = await rules.findPersonalToken(body.tokenHash, parts.now());
    if (found === null) return { body: { found } };
    return { body: { found: { ...found, permissions: [...found.permissions], tokenPermissions: [...found.tokenPermissions] } } };
  });
  serve(app, internalRoutes.findOutsideUser, 'gateway', async ({ body }) => ({
    body: { found: await rules.findOutsideUser(body) },
  }));
  serve(app, internalRoutes.findMissingEvents('invite-mail'), 'service', async ({ body }) => ({
    // Only team-resources writes these: under an id of its own stands nothing that it has not signed.
    body: { missing: await database.stores.inbox.missing(body.events.map(({ id }) => id)), altered: [] },
  }));
  serve(
    app,
    internalRoutes.listAnnouncedUsers,
    'service',
    async ({ query: { after = null, limit = internalRoutes.listedUsersMax }, callingService }) => {
      requireUserListReader(callingService);
      const users = [...(await database.stores.users.listAnnounced(after, limit))];
      return { body: { users, next: users.length < limit ? null : (users.at(-1)?.userId ?? null) } };
    },
  );
  serve(app, internalRoutes.findAccount, 'service', async ({ query }) => ({
    body: { email: await findEmail(database.stores.users, query.userId) },
  }));
};
