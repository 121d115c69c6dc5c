import { connectionRoutes, providerSignInRoutes, type Connection } from '@guildhall/contracts';
import { contextOf, serve } from '@guildhall/http';
import {
  cursorOf,
  pageRequest,
  readPosition,
  toPage,
  type ContextParts,
  type PageRequest,
  type RequestContext,
  type SignedInCaller,
} from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { SignInAnswer } from '../core/challenges.ts';
import type { BegunRequest, ProviderAnswer } from '../core/provider-sign-in.ts';
import type { VisitorContext } from '../core/visitor.ts';
import { isForCookie, type CookieParts } from './browser-session.ts';
import { toSignInAnswer } from './sign-in-answer.ts';
import { visitorContextOf } from './visitor.ts';

type Context = RequestContext<SignedInCaller>;

export interface ProviderRules {
  beginProviderSignIn(providerId: string): Promise<BegunRequest>;
  finishProviderSignIn(
    context: VisitorContext,
    answer: ProviderAnswer & { readonly deviceLabel?: string | undefined },
  ): Promise<SignInAnswer>;
  beginConnection(
    context: Context,
    request: { readonly providerId: string; readonly password?: string | undefined },
  ): Promise<BegunRequest>;
  finishConnection(context: Context, answer: ProviderAnswer): Promise<Connection>;
  listConnections(context: Context, page: PageRequest): Promise<readonly Connection[]>;
  removeConnection(context: Context, connectionId: string): Promise<void>;
}

export interface ProviderRouteParts extends ContextParts, CookieParts {
  readonly rules: ProviderRules;
}

/** The routes of sign-ins at identity providers, and of the own account's connections with them. */
export const addProviderRoutes = (app: FastifyInstance, parts: ProviderRouteParts): void => {
  const { rules } = parts;
  serve(app, providerSignInRoutes.beginProviderSignIn, 'anonymous', async ({ params }) => ({
    body: await rules.beginProviderSignIn(params.provider),
  }));
  serve(app, providerSignInRoutes.finishProviderSignIn, 'anonymous', async (call) => {
    const { session, ...answer } = call.body;
    const inCookie = isForCookie(parts, session, call.sessionCookie);
    const request = { ...answer, providerId: call.params.provider };
    return toSignInAnswer(await rules.finishProviderSignIn(visitorContextOf(parts, call), request), inCookie);
  });
  serve(app, connectionRoutes.listConnections, 'principal', async (call) => {
    const rows = await rules.listConnections(contextOf(parts, call), pageRequest(call.query, readPosition));
    return { body: toPage(rows, call.query, cursorOf) };
  });
  serve(app, connectionRoutes.beginConnection, 'principal', async (call) => ({
    body: await rules.beginConnection(contextOf(parts, call), { providerId: call.params.provider, password: call.body.password }),
  }));
  serve(app, connectionRoutes.finishConnection, 'principal', async (call) => ({
    body: await rules.finishConnection(contextOf(parts, call), { ...call.body, providerId: call.params.provider }),
  }));
  serve(app, connectionRoutes.removeConnection, 'principal', async (call) => {
    await rules.removeConnection(contextOf(parts, call), call.params.connectionId);
    return {};
  });
};
