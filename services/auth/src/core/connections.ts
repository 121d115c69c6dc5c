import type { Connection } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import type { AuditDraft, PageRequest, RequestContext, SignedInCaller } from '@guildhall/resources';
import { challengeEnded } from './challenges.ts';
import { requireOwnPassword, type PasswordCheckParts } from './check-password.ts';
import type { StoredConnection } from './connection-store.ts';
import type { IdentityProviders } from './identity-provider.ts';
import { connectionsMax } from './limits.ts';
import type { SealMail } from './mails.ts';
import { findMe } from './me.ts';
import {
  beginRequest,
  findProvider,
  takeRequest,
  type BegunRequest,
  type ProviderAnswer,
  type ProviderParts,
} from './provider-sign-in.ts';
import { queuedNotice } from './queued-notice.ts';
import { connectionAddedMail, connectionRemovedMail } from './way-in-mails.ts';
import type { SessionsLinks } from './sessions-link.ts';
import { sessionRevocation } from './sessions.ts';

type Context = RequestContext<SignedInCaller>;

export interface ConnectionParts extends ProviderParts, PasswordCheckParts {
  readonly sealMail: SealMail;
  readonly sessionsLinks: SessionsLinks;
  /** Called after the commit that queued a mail. */
  readonly onMailQueued: () => void;
}

const draftOf = (verb: 'create' | 'delete', id: string, issuer: string): AuditDraft => ({
  action: `connection.${verb}`,
  resource: { type: 'connection', id, name: issuer },
});

/** A connection as its user sees it: with the provider of the settings whose issuer it has. */
const shownWith =
  (providers: IdentityProviders) =>
  (stored: StoredConnection): Connection => ({
    ...stored,
    provider: [...providers.values()].find(({ issuer }) => issuer === stored.issuer)?.id ?? null,
  });

/** Begins to connect the caller's account, by their password. Throws NOT_FOUND, SESSION_ENDED, WRONG_PASSWORD, REAUTHENTICATION_REQUIRED, RATE_LIMITED, SERVICE_UNAVAILABLE. */
export const createBeginConnection = (parts: ConnectionParts) =>
  async function beginConnection(
    context: Context,
    { providerId, password }: { readonly providerId: string; readonly password?: string | undefined },
  ): Promise<BegunRequest> {
    const { userId, sessionId } = context.caller;
    const { email } = await findMe(parts.database, context);
    const provider = findProvider(parts, providerId);
    await requireOwnPassword(parts, context, { email, password, draft: draftOf('create', 'new', provider.issuer) });
    return beginRequest(parts, provider, { userId, sessionId }, new Date(context.at));
  };

/**
 * Connects the caller's account (account linking, federated identity) with the user that the provider answered with, and mails them. Only the session that asked may. Throws NOT_FOUND, CHALLENGE_ENDED,
 * UNPROCESSABLE, SERVICE_UNAVAILABLE, SESSION_ENDED; CONFLICT where that user has an account already, and beyond `connectionsMax`.
 */
export const createFinishConnection = (parts: ConnectionParts) =>
  async function finishConnection(context: Context, { providerId, requestToken, query }: ProviderAnswer): Promise<Connection> {
    const { database, random, sessionsLinks, providers, onMailQueued } = parts;
    const { caller } = context;
    const at = new Date(context.at);
    const { email } = await findMe(database, context);
    const provider = findProvider(parts, providerId);
    const request = await takeRequest(parts, provider, requestToken, at);
    const { connectTo } = request;
    if (connectTo?.userId !== caller.userId || connectTo.sessionId !== caller.sessionId) throw challengeEnded();
    const { subject } = await provider.identify(request, query);
    const connection = { id: random.newId(), issuer: provider.issuer, subject };
    const notice = connectionAddedMail(email, provider.name, at, sessionsLinks.linkOf(caller.userId, at));
    const mail = queuedNotice(parts, notice, at);
    const stored = await database.inTransaction(async ({ connections, secondFactors, outbox, mails }) => {
      await secondFactors.lockAccount(caller.userId);
      const added = await connections.connect(connection, caller, connectionsMax, at);
      if (added === null) return null;
      await outbox.append([context.audit('success', draftOf('create', added.id, added.issuer))]);
      await mails.add(mail, at);
      return added;
    });
    if (stored === null) {
      await findMe(database, context);
      throw new AppError(
        'CONFLICT',
        `This account at ${provider.name} signs in to an account here already, or yours has ${connectionsMax} connections.`,
      );
    }
    onMailQueued();
    return shownWith(providers)(stored);
  };

/** The caller's connections, newest first. Throws SESSION_ENDED. */
export const createListConnections = ({ database, providers }: ConnectionParts) =>
  async function listConnections(context: Context, page: PageRequest): Promise<readonly Connection[]> {
    const found = await database.stores.connections.list(context.caller, page, new Date(context.at));
    if (found.length === 0) await findMe(database, context);
    return found.map(shownWith(providers));
  };

/** Removes a connection of the caller; every other session ends, and they are mailed. Throws NOT_FOUND, SESSION_ENDED; CONFLICT for the last way in. */
export const createRemoveConnection = (parts: ConnectionParts) =>
  async function removeConnection(context: Context, connectionId: string): Promise<void> {
    const { database, sessionsLinks, onMailQueued } = parts;
    const { caller } = context;
    const at = new Date(context.at);
    const { email } = await findMe(database, context);
    const mail = queuedNotice(parts, connectionRemovedMail(email, at, sessionsLinks.linkOf(caller.userId, at)), at);
    await database.inTransaction(async ({ connections, secondFactors, sessions, outbox, mails }) => {
      await secondFactors.lockAccount(caller.userId);
      const issuer = await connections.remove(connectionId, caller, at);
      if (issuer === null) {
        if (!(await connections.has(connectionId, caller))) throw new AppError('NOT_FOUND', 'You have no such connection.');
        throw new AppError('CONFLICT', 'This is the last way in to your account. Set a password first.');
      }
      const ended = (await sessions.revokeOthers(caller, at)) ?? [];
      const revocations = ended.map((id) => context.audit('success', sessionRevocation(id, 'connection-removed')));
      await outbox.append([context.audit('success', draftOf('delete', connectionId, issuer)), ...revocations]);
      await mails.add(mail, at);
    });
    onMailQueued();
  };
