import { hotp, stepOf } from '../../services/auth/src/clients/totp.ts';
import { fromBase32 } from '@guildhall/testkit';
import { readLink } from '../../tools/demo/mailbox.ts';
import { must, signUp } from '../support/users.ts';
import type { SeedClient, SeedParts, Trial } from './seed-client.ts';

type Body = Readonly<Record<string, unknown>>;

/** The code that an authenticator shows, so many steps from now. */
const show = (secret: string, steps: number): string => hotp(fromBase32(secret), stepOf(new Date()) + steps, 6);

/** The steps of an account that gets a second factor: each throws an Error unless it succeeds. */
const createSteps = (client: SeedClient, { mailFolder, http }: SeedParts) => {
  /** An account whose authenticator waits to be confirmed. */
  const begin = async () => {
    const user = await signUp(http, mailFolder, 'Seed');
    const caller = await client.signIn(user);
    const asked = { path: '/v1/auth/totp', body: { password: user.password } };
    const { secret, recoveryCodes } = (await client.sendAs(caller, { method: 'POST' }, asked)).body as Body;
    const confirmation = { code: show(String(secret), 0), recoveryCode: (recoveryCodes as readonly string[])[0] };
    return { user, caller, secret: String(secret), confirming: { path: '/v1/auth/totp/confirm', body: confirmation } };
  };
  /** An account with a second factor, and the next code that is good. */
  const add = async () => {
    const { user, caller, secret, confirming } = await begin();
    await client.sendAs(caller, { method: 'POST' }, confirming);
    return { user, caller, code: show(secret, 1) };
  };
  return { begin, add };
};

/** Makes the requests of sign-ins by mail and in two steps. */
export const signInStories = (client: SeedClient, parts: SeedParts): Readonly<Record<string, () => Promise<Trial>>> => {
  const { mailFolder, http } = parts;
  const { begin, add } = createSteps(client, parts);
  return {
    lookAtLink: async () => {
      const { email } = await signUp(http, mailFolder, 'Seed');
      await must(http, 202, 'POST', '/v1/auth/codes', { body: { email, purpose: 'magic_link' } });
      const linkToken = await readLink(mailFolder, email, 'sign-in');
      return { caller: null, request: { path: '/v1/auth/codes/look', body: { linkToken } } };
    },
    beginTotp: async () => {
      const user = await signUp(http, mailFolder, 'Seed');
      return { caller: await client.signIn(user), request: { path: '/v1/auth/totp', body: { password: user.password } } };
    },
    confirmTotp: async () => {
      const { caller, confirming } = await begin();
      return { caller, request: confirming };
    },
    removeTotp: async () => {
      const { user, caller, code } = await add();
      return { caller, request: { path: '/v1/auth/totp/remove', body: { password: user.password, code } } };
    },
    renewRecoveryCodes: async () => {
      const { caller, code } = await add();
      return { caller, request: { path: '/v1/auth/recovery-codes', body: { code } } };
    },
    logInWithSecondFactor: async () => {
      const { user, code } = await add();
      const body = { email: user.email, password: user.password };
      const { challengeToken } = await must(http, 202, 'POST', '/v1/auth/login', { body });
      return { caller: null, request: { path: '/v1/auth/login/second-factor', body: { challengeToken, code } } };
    },
    endSessionsByLink: async () => {
      const { user } = await add();
      const linkToken = await readLink(mailFolder, user.email, 'end-sessions');
      return { caller: null, request: { path: '/v1/auth/logout/everywhere', body: { linkToken } } };
    },
  };
};
