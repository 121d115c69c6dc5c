import { inviteRoutes as routes } from '@guildhall/contracts';
import { contextOf, serve, versioned } from '@guildhall/http';
import { cursorOf, pageRequest, readPosition, toPage, type ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import { findCommunity, type CommunityStore } from '../core/communities.ts';
import { sendInvite, type InviteMailStore } from '../core/invite-mails.ts';
import { listOwnInvites, lookAtInvite, type OwnInviteStore } from '../core/own-invites.ts';
import type { OwnRoleStore } from '../core/own-roles.ts';
import type { InviteStore } from '../core/invite-store.ts';
import { acceptInvite, createInvite, declineInvite, listInvites, revokeInvite } from '../core/invites.ts';

export interface InviteRouteParts extends ContextParts {
  readonly stores: {
    readonly communities: CommunityStore;
    readonly invites: InviteStore;
    readonly inviteMails: InviteMailStore;
    readonly ownInvites: OwnInviteStore;
    readonly ownRoles: OwnRoleStore;
  };
  /** The token of an invite: unguessable, and derived from the id, so that a repeated request shows it again. */
  readonly inviteTokenOf: (inviteId: string) => string;
}

export const addInviteRoutes = (app: FastifyInstance, parts: InviteRouteParts): void => {
  const { inviteTokenOf, newId, sha256, stores } = parts;
  const { communities, invites, inviteMails, ownInvites } = stores;
  serve(app, routes.listInvites, 'principal', async (call) => {
    const page = pageRequest(call.query, readPosition);
    return { body: toPage(await listInvites(invites, contextOf(parts, call), { ...call.params, page }), call.query, cursorOf) };
  });
  serve(app, routes.createInvite, 'principal', async (call) => {
    const id = newId();
    const creation = { ...call.params, body: call.body, token: { id, tokenHash: sha256(inviteTokenOf(id)) } };
    const invite = await createInvite(stores, contextOf(parts, call), creation);
    return { body: { ...invite, token: inviteTokenOf(invite.id) }, createdId: invite.id };
  });
  serve(app, routes.sendInvite, 'principal', async (call) => {
    const { communityId, inviteId: id } = call.params;
    const token = { id, tokenHash: sha256(inviteTokenOf(id)) };
    return { body: await sendInvite(inviteMails, contextOf(parts, call), { communityId, token }) };
  });
  serve(app, routes.revokeInvite, 'principal', async (call) => {
    await revokeInvite(invites, contextOf(parts, call), call.params);
    return {};
  });
  serve(app, routes.acceptInvite, 'principal', async (call) => {
    const context = contextOf(parts, call);
    const communityId = await acceptInvite(invites, context, sha256(call.body.token));
    return versioned(await findCommunity(communities, context, communityId));
  });
  serve(app, routes.lookAtInvite, 'principal', async (call) => ({
    body: await lookAtInvite(ownInvites, contextOf(parts, call), sha256(call.body.token)),
  }));
  serve(app, routes.listMyInvites, 'principal', async (call) => {
    const rows = await listOwnInvites(ownInvites, contextOf(parts, call), pageRequest(call.query, readPosition));
    const withTokens = rows.map((invite) => ({ ...invite, token: inviteTokenOf(invite.id) }));
    return { body: toPage(withTokens, call.query, cursorOf) };
  });
  serve(app, routes.declineInvite, 'principal', async (call) => {
    await declineInvite(invites, contextOf(parts, call), sha256(call.body.token));
    return {};
  });
};
