import { sql } from '@guildhall/db';
import { fromBase32 } from '@guildhall/testkit';
import { hotp, stepOf } from '../../src/clients/totp.ts';
import { password, startFixture, type Fixture, type FixtureOptions, type SignedIn, type TokenPair } from './fixture.ts';

export interface Enrolment {
  readonly secret: string;
  readonly uri: string;
  readonly recoveryCodes: readonly string[];
}

export interface SecondStep {
  readonly status: string;
  readonly challengeToken: string;
  readonly expiresIn: number;
}

/** Adds the acts of an authenticator and of its user to a service under test. */
export const withSecondFactors = (fixture: Fixture) => {
  const { ask, post, clock, tables, logIn, signUp, mailbox } = fixture;
  /** The code that an authenticator with this secret shows, so many steps from now. */
  const show = (secret: string, steps = 0): string => hotp(fromBase32(secret), stepOf(clock.now()) + steps, 6);
  const beginTotp = ({ asCaller }: SignedIn, given = password) =>
    ask<Enrolment>('POST', '/v1/auth/totp', { body: { password: given }, headers: asCaller });
  const confirmTotp = ({ asCaller }: SignedIn, body: { readonly code: string; readonly recoveryCode: string }) =>
    ask('POST', '/v1/auth/totp/confirm', { body, headers: asCaller });
  /** Names a caller anew, as the gateway does: what it signs lives for seconds. */
  const again = async (user: SignedIn): Promise<SignedIn> => ({
    ...user,
    asCaller: await fixture.asCaller(user.userId, user.sessionId),
  });
  /** A verified account with an active authenticator, whose next code is good at once. */
  const signUpWithFactor = async () => {
    const user = await signUp();
    const { body: enrolment } = await beginTotp(user);
    const confirmed = await confirmTotp(user, { code: show(enrolment.secret), recoveryCode: enrolment.recoveryCodes[0] ?? '' });
    clock.advance(30);
    return { user: await again(user), confirmed, ...enrolment };
  };
  const challengeOf = async (email: string, given = password): Promise<string> => {
    const { body } = await logIn(email, { password: given });
    return (body as unknown as SecondStep).challengeToken;
  };
  const answer = (challengeToken: string, code: string, ip?: string) =>
    ask<TokenPair>('POST', '/v1/auth/login/second-factor', {
      body: { challengeToken, code },
      ...(ip === undefined ? {} : { ip }),
    });
  const liveSessionsOf = async (userId: string): Promise<number> =>
    (await tables.connection.query(sql.unsafe`SELECT id FROM auth.sessions WHERE user_id = ${userId} AND revoked_at IS NULL`))
      .rowCount;
  const meStatus = async ({ asCaller }: SignedIn): Promise<number> =>
    (await ask('GET', '/v1/auth/me', { headers: asCaller })).status;
  /** The token of the link in a mail that ends all sessions. */
  const endLinkIn = async (email: string, count: number): Promise<string> =>
    /#\/end-sessions\/(\S+)/.exec((await mailbox.nthTo(email, count)).text)?.[1] ?? '';
  const endSessions = (linkToken: string) => post('/v1/auth/logout/everywhere', { linkToken });
  return {
    ...fixture,
    show,
    again,
    beginTotp,
    confirmTotp,
    signUpWithFactor,
    challengeOf,
    answer,
    liveSessionsOf,
    meStatus,
    endLinkIn,
    endSessions,
  };
};

export type SecondFactorFixture = ReturnType<typeof withSecondFactors>;

/** The service alone, with what an authenticator and its user do. */
export const startSecondFactorFixture = async (options: FixtureOptions = {}): Promise<SecondFactorFixture> =>
  withSecondFactors(await startFixture(options));
