import { authRoutes, exampleBodyOf } from '@guildhall/contracts';
import { startFixture as startAuth } from '../../services/auth/test/contract/fixture.ts';
import { routed } from './callers.ts';
import { everyRoute } from './every-route.ts';
import { optionsOf, routesOf } from './services.ts';

everyRoute({
  name: 'auth',
  routes: routesOf('auth'),
  start: async (database) => {
    const fixture = await startAuth(optionsOf(database));
    if (database !== 'ready') return routed(fixture);
    await fixture.post('/v1/auth/register', exampleBodyOf(authRoutes.register));
    return routed(fixture, async () => {
      const owner = await fixture.signUp();
      await fixture.grant(owner.userId, 'owner');
      return owner;
    });
  },
  refused: {
    // The account of the examples is not confirmed; no code, token or role of theirs was ever given.
    logIn: 'EMAIL_NOT_VERIFIED',
    verifyCode: 'WRONG_CODE',
    refresh: 'UNAUTHENTICATED',
    removeRole: 'NOT_FOUND',
  },
  open: ['getJwks'],
});
