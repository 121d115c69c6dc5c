import { registrationRoutes, exampleBodyOf } from '@guildhall/contracts';
import { startFixture as startAuth } from '../../services/auth/test/contract/fixture.ts';
import { routed } from './callers.ts';
import { everyRoute } from './every-route.ts';
import { optionsOf, routesOf } from './services.ts';

everyRoute({
  name: 'auth',
  routes: routesOf('auth'),
  start: async (database) => {
    const started = await startAuth(optionsOf(database));
    // Each request comes from another network: one may ask for few mails to the address of the examples.
    let requests = 0;
    const fixture = { ...started, asClient: () => started.asClient(`2001:db8:0:${(requests += 1).toString(16)}::1`) };
    if (database !== 'ready') return routed(fixture);
    await fixture.post('/v1/auth/register', exampleBodyOf(registrationRoutes.register));
    return routed(fixture, async () => {
      const owner = await fixture.signUp();
      await fixture.grant(owner.userId, 'owner');
      return owner;
    });
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
    confirmAtLogIn: 'CHALLENGE_ENDED',
    endSessionsByLink: 'WRONG_CODE',
    beginTotp: 'WRONG_PASSWORD',
    confirmTotp: 'WRONG_CODE',
    removeTotp: 'WRONG_PASSWORD',
    renewRecoveryCodes: 'CONFLICT',
    changePassword: 'WRONG_PASSWORD',
    resetPassword: 'WRONG_CODE',
    refresh: 'UNAUTHENTICATED',
    removeRole: 'NOT_FOUND',
  },
  open: ['getJwks', 'getAuthMethods'],
  withoutDatabase: ['getAuthMethods'],
});
