import { internalRoutes } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { serve } from '@guildhall/http';
import { notFound } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { AccessStore } from '../core/access.ts';
import type { AppUserStore } from '../core/app-users.ts';

export interface InternalRouteParts {
  readonly stores: {
    readonly access: AccessStore;
    readonly appUsers: AppUserStore;
    readonly outbox: { depth(): Promise<{ readonly waiting: number; readonly oldestWaitingSeconds: number }> };
  };
}

/** The routes for the other services of the installation. */
export const addInternalRoutes = (app: FastifyInstance, { stores }: InternalRouteParts): void => {
  const { access, appUsers, outbox } = stores;
  serve(app, internalRoutes.findAccess, 'service', async ({ query: { userId, communityId, workspaceId } }) => {
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
  serve(app, internalRoutes.findMissingEvents('user-changed', 'invite-mail-settled'), 'service', async ({ body }) => ({
    // Only auth writes these: under an id of auth stands nothing that auth has not signed.
    body: { missing: await appUsers.missing(body.events.map(({ id }) => id)), altered: [] },
  }));
  serve(app, internalRoutes.getOutboxDepth, 'service', async () => ({ body: await outbox.depth() }));
};
