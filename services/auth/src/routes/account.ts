import { authRoutes, type Me } from '@guildhall/contracts';
import { contextOf, serve } from '@guildhall/http';
import type { ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { DeactivateAccount } from '../core/deactivate-account.ts';
import type { EraseAccount } from '../core/erase-account.ts';
import { findMe, renameMe } from '../core/me.ts';
import { logOut } from '../core/sessions.ts';
import type { Database } from '../core/stores.ts';
import type { OwnAccount } from '../core/user-store.ts';
import { clearedCookie } from './browser-session.ts';

export interface AccountRouteParts extends ContextParts {
  readonly database: Database;
  readonly rules: { readonly eraseAccount: EraseAccount; readonly deactivateAccount: DeactivateAccount };
}

const toMe = (account: OwnAccount): Me => {
  const { id, email, isEmailVerified, displayName, roles, permissions, createdAt, signedInAt } = account;
  const { hasPassword, passkeys, connections, hasAuthenticator } = account;
  return {
    id,
    email,
    isEmailVerified,
    displayName,
    roles: [...roles],
    permissions: [...permissions],
    createdAt,
    waysIn: { hasPassword, passkeys, connections, hasAuthenticator },
    signedInAt,
  };
};

export const addAccountRoutes = (app: FastifyInstance, parts: AccountRouteParts): void => {
  const { database } = parts;
  serve(app, authRoutes.getMe, 'principal', async (call) => {
    const account = await findMe(database, contextOf(parts, call));
    return { body: toMe(account), version: account.version };
  });
  serve(app, authRoutes.updateMe, 'principal', async (call) => {
    const change = { displayName: call.body.displayName, ifMatch: call.ifMatch };
    const account = await renameMe(database, contextOf(parts, call), change);
    return { body: toMe(account), version: account.version };
  });
  serve(app, authRoutes.eraseMe, 'principal', async (call) => {
    await parts.rules.eraseAccount(contextOf(parts, call), call.body.password);
    return {};
  });
  serve(app, authRoutes.deactivateMe, 'principal', async (call) => {
    await parts.rules.deactivateAccount(contextOf(parts, call), call.body.password);
    return {};
  });
  serve(app, authRoutes.logOut, 'principal', async (call) => {
    await logOut(database, contextOf(parts, call));
    return clearedCookie(call.caller.sessionId, call.sessionCookie);
  });
};
