import { communityRoles, route } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { serve } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { AccessStore } from '../core/access.ts';
import type { AppUserStore } from '../core/app-users.ts';
import { notFound } from '../core/deed.ts';

const closed = { additionalProperties: false } as const;
const Uuid = Type.String({ format: 'uuid' });
const eventIdsMax = 1_000;

export const findAccess = route({
  name: 'findAccess',
  method: 'GET',
  path: '/internal/access',
  tag: 'internal',
  summary: 'What a user is in a community, named by itself or by one of its workspaces. `role` is null for a stranger.',
  query: Type.Object(
    {
      userId: Type.String({ minLength: 1, maxLength: 255, pattern: '^[^\\u0000]*$' }),
      communityId: Type.Optional(Uuid),
      workspaceId: Type.Optional(Uuid),
    },
    closed,
  ),
  responses: {
    200: Type.Object({ communityId: Uuid, role: Type.Union([Type.Enum([...communityRoles]), Type.Null()]) }, closed),
  },
  errors: ['UNAUTHENTICATED', 'NOT_FOUND'],
});

export const findMissingEvents = route({
  name: 'findMissingEvents',
  method: 'POST',
  path: '/internal/events/missing',
  tag: 'internal',
  summary: 'Which of these events were not taken.',
  body: Type.Object({ kind: Type.Enum(['user-changed']), ids: Type.Array(Uuid, { maxItems: eventIdsMax }) }, closed),
  responses: { 200: Type.Object({ missing: Type.Array(Uuid) }, closed) },
  errors: ['UNAUTHENTICATED'],
});

export const readOutboxDepth = route({
  name: 'readOutboxDepth',
  method: 'GET',
  path: '/internal/outbox',
  tag: 'internal',
  summary: 'How many events wait to be published, and for how long.',
  responses: { 200: Type.Object({ waiting: Type.Integer(), oldestWaitingSeconds: Type.Number() }, closed) },
  errors: ['UNAUTHENTICATED'],
});

export interface InternalRouteParts {
  readonly access: AccessStore;
  readonly appUsers: AppUserStore;
  readonly outboxDepth: () => Promise<{ readonly waiting: number; readonly oldestWaitingSeconds: number }>;
}

export const addInternalRoutes = (app: FastifyInstance, { access, appUsers, outboxDepth }: InternalRouteParts): void => {
  serve(app, findAccess, 'service', async ({ query: { userId, communityId, workspaceId } }) => {
    if ((communityId === undefined) === (workspaceId === undefined)) {
      throw new AppError('INVALID', 'Name either a community or a workspace.');
    }
    const body =
      workspaceId === undefined
        ? await access.inCommunity(userId, communityId ?? '')
        : await access.ofWorkspace(userId, workspaceId);
    if (body === undefined) throw notFound(workspaceId === undefined ? 'community' : 'workspace');
    return { body };
  });
  serve(app, findMissingEvents, 'service', async ({ body }) => ({ body: { missing: await appUsers.missing(body.ids) } }));
  serve(app, readOutboxDepth, 'service', async () => ({ body: await outboxDepth() }));
};
