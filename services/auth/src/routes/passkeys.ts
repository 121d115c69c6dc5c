import {
  passkeyEnrolmentRoutes,
  passkeyRoutes,
  passkeySignInRoutes,
  type Passkey,
  type PasskeyCreation,
} from '@guildhall/contracts';
import { contextOf, serve, versioned } from '@guildhall/http';
import {
  cursorOf,
  pageRequest,
  readPosition,
  toPage,
  type ContextParts,
  type RequestContext,
  type SignedInCaller,
} from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { Tokens } from '../core/access-token.ts';
import {
  findPasskey,
  listPasskeys,
  renamePasskey,
  type BegunPasskeyRequest,
  type PasskeyCreationAnswer,
} from '../core/passkeys.ts';
import type { PasskeySignIn } from '../core/passkey-sign-in.ts';
import type { Database } from '../core/stores.ts';
import type { VisitorContext } from '../core/visitor.ts';
import { isForCookie, tokensAnswer, type CookieParts } from './browser-session.ts';
import { visitorContextOf } from './visitor.ts';

type Context = RequestContext<SignedInCaller>;

export interface PasskeyRules {
  beginPasskeySignIn(): Promise<BegunPasskeyRequest>;
  signInWithPasskey(context: VisitorContext, request: PasskeySignIn): Promise<Tokens>;
  beginPasskeyAtLogIn(challengeToken: string): Promise<PasskeyCreation>;
  createPasskeyAtLogIn(
    context: VisitorContext,
    answer: PasskeyCreationAnswer & { readonly challengeToken: string },
  ): Promise<Tokens>;
  beginPasskey(context: Context, password: string | undefined): Promise<PasskeyCreation>;
  createPasskey(context: Context, answer: PasskeyCreationAnswer): Promise<Passkey>;
  removePasskey(context: Context, passkeyId: string): Promise<void>;
}

export interface PasskeyRouteParts extends ContextParts, CookieParts {
  readonly database: Database;
  readonly rules: PasskeyRules;
}

/** The routes of passkeys: of sign-ins, and of the own account. */
export const addPasskeyRoutes = (app: FastifyInstance, parts: PasskeyRouteParts): void => {
  const { database, rules } = parts;
  serve(app, passkeySignInRoutes.beginPasskeySignIn, 'anonymous', async () => {
    const { challenge, rpId, requestToken, expiresIn } = await rules.beginPasskeySignIn();
    const options = { challenge, rpId, timeout: expiresIn * 1000, userVerification: 'required' as const };
    return { body: { options, requestToken, expiresIn } };
  });
  serve(app, passkeyEnrolmentRoutes.beginPasskeyAtLogIn, 'anonymous', async ({ body }) => ({
    body: await rules.beginPasskeyAtLogIn(body.challengeToken),
  }));
  serve(app, passkeyEnrolmentRoutes.createPasskeyAtLogIn, 'anonymous', async (call) => {
    const { session, ...answer } = call.body;
    const inCookie = isForCookie(parts, session, call.sessionCookie);
    return tokensAnswer(await rules.createPasskeyAtLogIn(visitorContextOf(parts, call), answer), inCookie);
  });
  serve(app, passkeySignInRoutes.signInWithPasskey, 'anonymous', async (call) => {
    const { session, ...request } = call.body;
    const inCookie = isForCookie(parts, session, call.sessionCookie);
    return tokensAnswer(await rules.signInWithPasskey(visitorContextOf(parts, call), request), inCookie);
  });
  serve(app, passkeyRoutes.beginPasskey, 'principal', async (call) => ({
    body: await rules.beginPasskey(contextOf(parts, call), call.body.password),
  }));
  serve(app, passkeyRoutes.createPasskey, 'principal', async (call) => {
    return versioned(await rules.createPasskey(contextOf(parts, call), call.body));
  });
  serve(app, passkeyRoutes.listPasskeys, 'principal', async (call) => {
    const rows = await listPasskeys(database, contextOf(parts, call), pageRequest(call.query, readPosition));
    return { body: toPage(rows, call.query, cursorOf) };
  });
  serve(app, passkeyRoutes.getPasskey, 'principal', async (call) =>
    versioned(await findPasskey(database, contextOf(parts, call), call.params.passkeyId)),
  );
  serve(app, passkeyRoutes.renamePasskey, 'principal', async (call) => {
    const change = { passkeyId: call.params.passkeyId, name: call.body.name, ifMatch: call.ifMatch };
    return versioned(await renamePasskey(database, contextOf(parts, call), change));
  });
  serve(app, passkeyRoutes.removePasskey, 'principal', async (call) => {
    await rules.removePasskey(contextOf(parts, call), call.params.passkeyId);
    return {};
  });
};
