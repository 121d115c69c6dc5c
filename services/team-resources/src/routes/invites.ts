import { communityRoutes as routes } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import { cursorOf, pageRequest, readPosition, toPage, versioned } from '@guildhall/workspaces';
import type { FastifyInstance } from 'fastify';
import { acceptInvite, createInvite, declineInvite, listInvites, revokeInvite, type InviteStore } from '../core/invites.ts';
import { askOf, keyOf, type AskParts } from './ask.ts';

export interface InviteRouteParts extends AskParts {
  readonly invites: InviteStore;
  /** The token of an invite: nobody can guess it, and it follows from the id, so that repeating a request shows it again. */
  readonly inviteTokenOf: (inviteId: string) => string;
}

export const addInviteRoutes = (app: FastifyInstance, parts: InviteRouteParts): void => {
  const { invites, inviteTokenOf, newId, sha256 } = parts;
  serve(app, routes.listInvites, 'principal', async (call) => {
    const { limit, after } = pageRequest(call.query, readPosition);
    const rows = await listInvites(invites, askOf(parts, call), call.params.communityId, { limit, after });
    return { body: toPage(rows, call.query, cursorOf) };
  });
  serve(app, routes.createInvite, 'principal', async (call) => {
    const id = newId();
    const token = { id, tokenHash: sha256(inviteTokenOf(id)) };
    const key = keyOf(parts, call, 'invite.create');
    const invite = await createInvite(invites, askOf(parts, call), call.params.communityId, call.body, token, key);
    return { body: { ...invite, token: inviteTokenOf(invite.id) } };
  });
  serve(app, routes.revokeInvite, 'principal', async (call) => {
    await revokeInvite(invites, askOf(parts, call), call.params.communityId, call.params.inviteId);
    return {};
  });
  serve(app, routes.acceptInvite, 'principal', async (call) =>
    versioned(await acceptInvite(invites, askOf(parts, call), sha256(call.body.token))),
  );
  serve(app, routes.declineInvite, 'principal', async (call) => {
    await declineInvite(invites, askOf(parts, call), sha256(call.body.token));
    return {};
  });
};
