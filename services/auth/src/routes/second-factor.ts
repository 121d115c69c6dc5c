import { secondFactorRoutes, secondStepRoutes, sessionsLinkRoutes } from '@guildhall/contracts';
import { contextOf, serve } from '@guildhall/http';
import type { ContextParts, RequestContext, SignedInCaller } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { Tokens } from '../core/access-token.ts';
import type { Confirmation, Enrolment } from '../core/enrol-second-factor.ts';
import type { SecondFactorState } from '../core/second-factor-store.ts';
import type { VisitorContext } from '../core/visitor.ts';
import { isForCookie, tokensAnswer, type CookieParts } from './browser-session.ts';
import { visitorContextOf } from './visitor.ts';

type Context = RequestContext<SignedInCaller>;

export interface SecondFactorRules {
  logInWithSecondFactor(
    context: VisitorContext,
    request: { readonly challengeToken: string; readonly code: string },
  ): Promise<Tokens>;
  enrolAtLogIn(challengeToken: string): Promise<Enrolment>;
  confirmAtLogIn(context: VisitorContext, confirmation: Confirmation & { readonly challengeToken: string }): Promise<Tokens>;
  findSecondFactor(context: Context): Promise<Omit<SecondFactorState, 'roles'> & { readonly isRequired: boolean }>;
  beginTotp(context: Context, password: string | undefined): Promise<Enrolment>;
  confirmTotp(context: Context, confirmation: Confirmation): Promise<void>;
  removeTotp(context: Context, request: { readonly password?: string | undefined; readonly code: string }): Promise<void>;
  renewRecoveryCodes(context: Context, code: string): Promise<readonly string[]>;
  endSessionsByLink(context: VisitorContext, token: string): Promise<void>;
}

export interface SecondFactorRouteParts extends ContextParts, CookieParts {
  readonly rules: SecondFactorRules;
}

const shown = ({ recoveryCodes, ...enrolment }: Enrolment) => ({ ...enrolment, recoveryCodes: [...recoveryCodes] });

/** The routes of the second step of a sign-in, and of the link in mails that ends all sessions. */
export const addSecondStepRoutes = (app: FastifyInstance, parts: SecondFactorRouteParts): void => {
  const { rules } = parts;
  serve(app, secondStepRoutes.logInWithSecondFactor, 'anonymous', async (call) => {
    const { session, ...request } = call.body;
    const inCookie = isForCookie(parts, session, call.sessionCookie);
    return tokensAnswer(await rules.logInWithSecondFactor(visitorContextOf(parts, call), request), inCookie);
  });
  serve(app, secondStepRoutes.enrolAtLogIn, 'anonymous', async ({ body }) => ({
    body: shown(await rules.enrolAtLogIn(body.challengeToken)),
  }));
  serve(app, secondStepRoutes.confirmAtLogIn, 'anonymous', async (call) => {
    const { session, ...request } = call.body;
    const inCookie = isForCookie(parts, session, call.sessionCookie);
    return tokensAnswer(await rules.confirmAtLogIn(visitorContextOf(parts, call), request), inCookie);
  });
  serve(app, sessionsLinkRoutes.endSessionsByLink, 'anonymous', async (call) => {
    await rules.endSessionsByLink(visitorContextOf(parts, call), call.body.linkToken);
    return {};
  });
};

/** The routes of the second factor of the own account. */
export const addSecondFactorRoutes = (app: FastifyInstance, parts: SecondFactorRouteParts): void => {
  const { rules } = parts;
  serve(app, secondFactorRoutes.getSecondFactor, 'principal', async (call) => ({
    body: await rules.findSecondFactor(contextOf(parts, call)),
  }));
  serve(app, secondFactorRoutes.beginTotp, 'principal', async (call) => ({
    body: shown(await rules.beginTotp(contextOf(parts, call), call.body.password)),
  }));
  serve(app, secondFactorRoutes.confirmTotp, 'principal', async (call) => {
    await rules.confirmTotp(contextOf(parts, call), call.body);
    return {};
  });
  serve(app, secondFactorRoutes.removeTotp, 'principal', async (call) => {
    await rules.removeTotp(contextOf(parts, call), call.body);
    return {};
  });
  serve(app, secondFactorRoutes.renewRecoveryCodes, 'principal', async (call) => ({
    body: { recoveryCodes: [...(await rules.renewRecoveryCodes(contextOf(parts, call), call.body.code))] },
  }));
};
