import {
  auditLogRoutes,
  auditRoutes,
  exampleBodyOf,
  exampleParamsOf,
  passkeyRoutes,
  registrationRoutes,
} from '@guildhall/contracts';
import { sql } from '@guildhall/db';
import { waitFor } from '@guildhall/testkit';
import { eventOf, startFixture as startAudit } from '../../services/audit/test/contract/fixture.ts';
import { startFixture as startAuth } from '../../services/auth/test/contract/fixture.ts';
import { startFixture as startTeam } from '../../services/team-resources/test/support/team-service.ts';
import { routed, routedTeam } from './callers.ts';
import type { EveryRouteOptions } from './every-route.ts';
import { optionsOf, routesOf } from './services.ts';

/** Each service, for the suite of every route. */

/** The identity provider of the examples, which nobody runs. */
const provider = { id: 'company', name: 'Company', issuer: 'http://127.0.0.1:9', clientId: 'guildhall' };

export const authSuite: EveryRouteOptions = {
  name: 'auth',
  routes: routesOf('auth'),
  start: async (database) => {
    const { env, ...options } = optionsOf(database);
    const started = await startAuth({
      ...options,
      env: { ...env, PUBLIC_URL: 'https://guildhall.test', OIDC_PROVIDERS: JSON.stringify([provider]) },
    });
    // Each request comes from another network: one may ask for few mails to the address of the examples.
    let requests = 0;
    const fixture = { ...started, asClient: () => started.asClient(`2001:db8:0:${(requests += 1).toString(16)}::1`) };
    const { now } = started.clock;
    if (database !== 'ready') return { ...routed(fixture), now };
    await fixture.post('/v1/auth/register', exampleBodyOf(registrationRoutes.register));
    const createUser = async () => {
      const owner = await fixture.signUp();
      await fixture.grant(owner.userId, 'owner');
      // An authenticator would have made it: the passkey of the examples is always that of the last caller.
      await fixture.tables.connection.query(sql.unsafe`
        INSERT INTO auth.passkeys AS known (id, user_id, credential_id, public_key, sign_count, is_backed_up, name)
        VALUES (${String(exampleParamsOf(passkeyRoutes.getPasskey)['passkeyId'])}, ${owner.userId}, 'example', 'key', 0, false, 'Laptop')
        ON CONFLICT (id) DO UPDATE SET user_id = excluded.user_id, version = 1`);
      return owner;
    };
    return { ...routed(fixture, createUser), now };
  },
  refused: {
    // The address of the examples is not confirmed; no code, token or role of theirs was ever given.
    logIn: 'WRONG_PASSWORD',
    eraseMe: 'WRONG_PASSWORD',
    deactivateMe: 'WRONG_PASSWORD',
    sendEmailCode: 'WRONG_PASSWORD',
    changeEmail: 'WRONG_CODE',
    verifyCode: 'WRONG_CODE',
    lookAtLink: 'WRONG_CODE',
    // No challenge was given out; the account of the examples has no second factor.
    logInWithSecondFactor: 'CHALLENGE_ENDED',
    enrolAtLogIn: 'CHALLENGE_ENDED',
    beginPasskeyAtLogIn: 'CHALLENGE_ENDED',
    createPasskeyAtLogIn: 'CHALLENGE_ENDED',
    confirmAtLogIn: 'CHALLENGE_ENDED',
    beginProviderSignIn: 'SERVICE_UNAVAILABLE',
    finishProviderSignIn: 'CHALLENGE_ENDED',
    beginConnection: 'WRONG_PASSWORD',
    finishConnection: 'CHALLENGE_ENDED',
    signInWithPasskey: 'CHALLENGE_ENDED',
    beginPasskey: 'WRONG_PASSWORD',
    createPasskey: 'CHALLENGE_ENDED',
    removeConnection: 'NOT_FOUND',
    // Nobody resets their own, or erases it there.
    resetSecondFactor: 'CONFLICT',
    eraseUser: 'CONFLICT',
    endSessionsByLink: 'WRONG_CODE',
    beginTotp: 'WRONG_PASSWORD',
    confirmTotp: 'WRONG_CODE',
    removeTotp: 'WRONG_PASSWORD',
    renewRecoveryCodes: 'CONFLICT',
    changePassword: 'WRONG_PASSWORD',
    resetPassword: 'WRONG_CODE',
    refresh: 'UNAUTHENTICATED',
    removeRole: 'NOT_FOUND',
    // The user of the examples has no account.
    explainGlobalPermission: 'NOT_FOUND',
  },
  open: ['getJwks', 'getAuthMethods'],
  withoutDatabase: ['getAuthMethods'],
};

export const teamSuite: EveryRouteOptions = {
  name: 'team-resources',
  routes: routesOf('team-resources'),
  start: async (database) => routedTeam(await startTeam(optionsOf(database))),
  refused: {
    // The token of the examples was never given, and the only owner of a community stays.
    acceptInvite: 'NOT_FOUND',
    declineInvite: 'NOT_FOUND',
    lookAtInvite: 'NOT_FOUND',
    // A new workspace has no document.
    exportControlMDocument: 'NOT_FOUND',
    updateMember: 'CONFLICT',
    removeMember: 'CONFLICT',
    // Nobody has voted yet.
    getBallot: 'NOT_FOUND',
    // Nobody vouches for themselves.
    awardTrust: 'UNPROCESSABLE',
    withdrawTrustAward: 'NOT_FOUND',
    // Nobody belongs to a new council.
    removeCouncilMember: 'NOT_FOUND',
  },
};

export const auditSuite: EveryRouteOptions = {
  name: 'audit',
  routes: routesOf('audit'),
  start: async (database) => {
    const fixture = await startAudit(optionsOf(database));
    if (database !== 'ready') return routed(fixture);
    await fixture.report(eventOf({ id: String(exampleParamsOf(auditRoutes.getAuditEvent)['eventId']) }));
    const isSigned = async () => (await fetch(`${fixture.url}${auditLogRoutes.getAuditCheckpoint.path}`)).ok;
    await waitFor(isSigned, { what: 'the log to be signed' });
    return routed(fixture);
  },
  refused: {
    // The log of the examples has thousands of entries, this one has one; and no event was rejected.
    getAuditLogEntries: 'NOT_FOUND',
    getAuditLogTile: 'NOT_FOUND',
    getAuditConsistency: 'NOT_FOUND',
    retryRejectedEvent: 'NOT_FOUND',
  },
  open: ['getAuditCheckpoint', 'getAuditLogCheckpoint', 'getAuditLogKey', 'getAuditLogTile'],
};
