import { generateKeyPairSync } from 'node:crypto';
import { sql } from '@guildhall/db';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthenticator, type Authenticator, type Forged } from './authenticator.ts';
import { auditOf, misshapenEvents } from './events.ts';
import { password, problem, startFixture, type SignedIn, type TokenPair } from './fixture.ts';
import { startSecondFactorFixture, type SecondFactorFixture } from './second-factor-fixture.ts';

interface Begun<Options> {
  readonly options: Options;
  readonly requestToken: string;
  readonly expiresIn: number;
}
type Creation = Begun<Parameters<Authenticator['create']>[0]>;
type Request = Begun<Parameters<Authenticator['get']>[0]>;
interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly version: number;
}

const origin = 'https://guildhall.test';
let fixture: SecondFactorFixture;
beforeAll(async () => {
  fixture = await startSecondFactorFixture({ env: { PUBLIC_URL: origin, SECOND_FACTOR_ROLES: 'auditor' } });
});
afterAll(() => fixture.close());

const beginCreation = ({ asCaller }: SignedIn, given = password) =>
  fixture.ask<Creation>('POST', '/v1/auth/passkey-options', { body: { password: given }, headers: asCaller });
const keep = ({ asCaller }: SignedIn, requestToken: string, credential: object, name = 'Laptop') =>
  fixture.ask<Passkey>('POST', '/v1/auth/passkeys', { body: { requestToken, name, credential }, headers: asCaller });
const create = async (user: SignedIn, forged: Forged = {}, authenticator = createAuthenticator(origin)) => {
  const { options, requestToken } = (await beginCreation(user)).body;
  return { authenticator, answer: await keep(user, requestToken, authenticator.create(options, forged)) };
};
const beginSignIn = async (): Promise<Request> => (await fixture.post<Request>('/v1/auth/login/passkey/options', undefined)).body;
const finishSignIn = (requestToken: string, credential: object, more: object = {}) =>
  fixture.post<TokenPair>('/v1/auth/login/passkey', { requestToken, credential, ...more });
const signIn = async (authenticator: Authenticator, forged: Forged = {}) => {
  const { options, requestToken } = await beginSignIn();
  return finishSignIn(requestToken, authenticator.get(options, forged));
};
const remove = ({ asCaller }: SignedIn, id: string) => fixture.ask('DELETE', `/v1/auth/passkeys/${id}`, { headers: asCaller });

const unprocessable = (detail: string) => problem(422, 'UNPROCESSABLE', 'Understood, but cannot be done', detail);
const unfit = unprocessable('The answer of the authenticator does not fit what it was asked. Start again.');
const refused = unprocessable(
  'This passkey does not sign in here: it is unknown, was removed, or its answer does not fit. Start again.',
);
const ended = problem(
  401,
  'CHALLENGE_ENDED',
  'The sign-in has ended',
  'This sign-in was finished, has expired, or was ended. Start again.',
);
const mustStay = problem(
  409,
  'CONFLICT',
  'In conflict with what is there',
  'This is the last way in to your account, or the only second factor that a role of yours requires. Add another one first.',
);
const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

describe('a passkey', () => {
  test('is made without a password by an account that has none, in a session of the last ten minutes', async () => {
    const user = await fixture.signUp();
    const begin = async ({ asCaller }: SignedIn) =>
      fixture.ask<Creation>('POST', '/v1/auth/passkey-options', { body: {}, headers: asCaller });
    expect((await begin(user)).body).toMatchObject({ code: 'WRONG_PASSWORD' });
    await fixture.tables.connection.query(sql.unsafe`DELETE FROM auth.user_passwords WHERE user_id = ${user.userId}`);
    const { options, requestToken } = (await begin(user)).body;
    const authenticator = createAuthenticator(origin);
    expect((await keep(user, requestToken, authenticator.create(options))).status).toBe(200);
    fixture.clock.advance(601);
    expect((await begin(await fixture.again(user))).body).toMatchObject({ code: 'REAUTHENTICATION_REQUIRED' });
    const { accessToken } = (await signIn(authenticator)).body;
    const asCaller = await fixture.asCaller(user.userId, decodeJwt<{ sid: string }>(accessToken).sid);
    expect((await begin({ ...user, asCaller })).status).toBe(200);
  });

  test('is made by the password, and signs in without an address', async () => {
    const { signUp, mailbox, tables } = fixture;
    const user = await signUp();
    expect((await beginCreation(user, 'not the right sentence')).body).toMatchObject({ code: 'WRONG_PASSWORD' });
    const begun = (await beginCreation(user)).body;
    expect(begun).toEqual({
      options: {
        rp: { id: 'guildhall.test', name: 'Guildhall' },
        user: { id: expect.stringMatching(/^[\w-]{43}$/), name: user.email, displayName: 'Ada' },
        challenge: expect.stringMatching(/^[\w-]{43}$/),
        pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
        timeout: 300_000,
        excludeCredentials: [],
        authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
        attestation: 'none',
      },
      requestToken: expect.any(String),
      expiresIn: 300,
    });
    const authenticator = createAuthenticator(origin);
    const { status, body: passkey } = await keep(user, begun.requestToken, authenticator.create(begun.options), ' Laptop ');
    expect({ status, passkey }).toEqual({
      status: 200,
      passkey: {
        id: expect.any(String),
        name: 'Laptop',
        isBackedUp: false,
        version: 1,
        lastUsedAt: null,
        createdAt: expect.stringMatching(/Z$/),
      },
    });
    expect((await mailbox.nthTo(user.email, 1)).text).toContain('A passkey was added to your account');
    expect((await beginCreation(user)).body.options).toMatchObject({
      excludeCredentials: [{ type: 'public-key', id: authenticator.id }],
    });
    const answer = await signIn(authenticator);
    const { sub, sid } = decodeJwt<{ sid: string }>(answer.body.accessToken);
    expect([answer.status, sub]).toEqual([200, user.userId]);
    expect((await auditOf(tables, sid)).at(0)).toMatchObject({
      action: 'session.create',
      result: 'success',
      changes: [{ path: '/method', after: 'passkey' }],
    });
    expect((await auditOf(tables, passkey.id)).map(({ action, result }) => [action, result])).toEqual([
      ['passkey.create', 'success'],
    ]);
    expect((await fixture.ask<{ methods: string[] }>('GET', '/v1/auth/methods')).body.methods).toContain('passkey');
  });

  test('is listed, renamed under its version, and removed with the other sessions', async () => {
    const { ask, signUp, asSignedIn, meStatus, mailbox, tables } = fixture;
    const user = await signUp();
    const { authenticator, answer } = await create(user);
    const { id } = answer.body;
    const rename = (name: string, version: number, headers = user.asCaller) =>
      ask<Passkey>('PATCH', `/v1/auth/passkeys/${id}`, { body: { name }, headers: { ...headers, 'if-match': `"${version}"` } });
    expect((await rename('Phone', 1)).body).toMatchObject({ id, name: 'Phone', version: 2 });
    expect((await rename('Tablet', 1)).status).toBe(412);
    const stranger = await signUp();
    expect((await rename('Theirs', 2, stranger.asCaller)).status).toBe(404);
    expect((await remove(stranger, id)).status).toBe(404);
    const list = await ask<{ items: Passkey[] }>('GET', '/v1/auth/passkeys', { headers: user.asCaller });
    expect(list.body.items.map(({ name }) => name)).toEqual(['Phone']);
    expect((await ask('GET', `/v1/auth/passkeys/${id}`, { headers: user.asCaller })).headers.get('etag')).toBe('"2"');
    const other = await asSignedIn(user.email);
    expect((await remove(user, id)).status).toBe(204);
    expect((await remove(user, id)).status).toBe(404);
    expect([await meStatus(user), await meStatus(other)]).toEqual([200, 401]);
    expect((await mailbox.nthTo(user.email, 2)).text).toContain('/#/end-sessions/');
    expect((await signIn(authenticator)).body).toEqual(refused);
    expect((await auditOf(tables, id)).map(({ action }) => action)).toEqual([
      'passkey.create',
      'passkey.update',
      'passkey.delete',
    ]);
  });

  test.each<[string, Forged]>([
    ['another origin', { origin: 'https://guildhall.test.evil.example' }],
    ['a port of the host', { origin: 'https://guildhall.test:8443' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['another challenge', { challenge: Buffer.alloc(32, 7).toString('base64url') }],
    ['another ceremony', { type: 'webauthn.get' }],
    ['no verification of the user', { isUserVerified: false }],
  ])('is not kept from an answer with %s', async (_what, forged) => {
    expect((await create(await fixture.signUp(), forged)).answer.body).toEqual(unfit);
  });

  test('is kept once, in the session that asked for it, within five minutes, and for one account', async () => {
    const { signUp, asSignedIn, clock } = fixture;
    const user = await signUp();
    const [other, stranger] = [await asSignedIn(user.email), await signUp()];
    for (const thief of [other, stranger]) {
      const { options, requestToken } = (await beginCreation(user)).body;
      expect((await keep(thief, requestToken, createAuthenticator(origin).create(options))).body).toEqual(ended);
    }
    const { options, requestToken } = (await beginCreation(user)).body;
    const authenticator = createAuthenticator(origin);
    const credential = authenticator.create(options);
    const answers = await Promise.all(Array.from({ length: 10 }, () => keep(user, requestToken, credential)));
    expect(answers.map(({ status }) => status).toSorted((one, two) => one - two)).toEqual([200, ...Array<number>(9).fill(401)]);
    expect((await create(stranger, {}, authenticator)).answer).toMatchObject({ status: 409 });
    // A challenge of a sign-in makes no passkey, and that of a creation signs nobody in.
    const sign = await beginSignIn();
    const made = createAuthenticator(origin).create({ ...options, challenge: sign.options.challenge });
    expect((await keep(user, sign.requestToken, made)).body).toEqual(ended);
    const begun = (await beginCreation(user)).body;
    const used = authenticator.get({ challenge: begun.options.challenge, rpId: 'guildhall.test' });
    expect((await finishSignIn(begun.requestToken, used)).body).toEqual(ended);
    const late = (await beginCreation(user)).body;
    clock.advance(301);
    expect(
      (await keep(await fixture.again(user), late.requestToken, createAuthenticator(origin).create(late.options))).body,
    ).toEqual(ended);
  });
});

describe('a sign-in with a passkey', () => {
  let user: SignedIn;
  let authenticator: Authenticator;
  beforeAll(async () => {
    user = await fixture.signUp();
    ({ authenticator } = await create(user));
  });

  test.each<[string, Forged]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['another challenge', { challenge: Buffer.alloc(32, 7).toString('base64url') }],
    ['another ceremony', { type: 'webauthn.create' }],
    ['no verification of the user', { isUserVerified: false }],
    ['the signature of another key', { key: otherKey }],
    ['the account of somebody else', { userHandle: Buffer.alloc(32, 9).toString('base64url') }],
  ])('is refused with %s, and audited', async (_what, forged) => {
    const before = (await auditOf(fixture.tables, user.userId)).length;
    expect((await signIn(authenticator, forged)).body).toEqual(refused);
    const [denied] = (await auditOf(fixture.tables, user.userId)).slice(before);
    expect(denied === undefined || denied.result === 'denied').toBe(true);
  });

  test('is refused for an unknown passkey, and answers the same', async () => {
    expect((await signIn(createAuthenticator(origin))).body).toEqual(refused);
  });

  test('takes an answer once, of a hundred at the same time, and for five minutes', async () => {
    const { options, requestToken } = await beginSignIn();
    const credential = authenticator.get(options);
    const answers = await Promise.all(Array.from({ length: 100 }, () => finishSignIn(requestToken, credential)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(99);
    // The same signature in a request of another browser.
    expect((await finishSignIn((await beginSignIn()).requestToken, credential)).body).toEqual(refused);
    const late = await beginSignIn();
    fixture.clock.advance(301);
    expect((await finishSignIn(late.requestToken, authenticator.get(late.options))).body).toEqual(ended);
  });

  test('is refused when the counter goes back or stays, as that of a copy does, and says so in the trail', async () => {
    const copied = await create(await fixture.signUp(), { signCount: 5 });
    expect((await signIn(copied.authenticator, { signCount: 7 })).status).toBe(200);
    for (const signCount of [7, 6, 0]) expect((await signIn(copied.authenticator, { signCount })).body).toEqual(refused);
    expect((await signIn(copied.authenticator, { signCount: 8 })).status).toBe(200);
    const counterless = await create(await fixture.signUp(), { signCount: 0 });
    for (const signCount of [0, 0]) expect((await signIn(counterless.authenticator, { signCount })).status).toBe(200);
    const outbox = await fixture.tables.connection.query(sql.unsafe`
      SELECT id FROM auth.outbox_events
      WHERE payload ->> 'result' = 'denied' AND payload -> 'changes' -> 0 ->> 'after' = 'passkey-counter'`);
    expect(outbox.rowCount).toBeGreaterThan(0);
  });

  test('opens nothing for a suspended account', async () => {
    const suspended = await fixture.signUp();
    const made = await create(suspended);
    await fixture.tables.connection.query(sql.unsafe`UPDATE auth.users SET status = 'suspended' WHERE id = ${suspended.userId}`);
    expect(await signIn(made.authenticator)).toMatchObject({ status: 403, body: { code: 'ACCOUNT_SUSPENDED' } });
  });
});

describe('a passkey as a second factor', () => {
  test('signs in to an account that has an authenticator, too, without asking for its code', async () => {
    const { user } = await fixture.signUpWithFactor();
    const { authenticator } = await create(user);
    expect((await signIn(authenticator)).status).toBe(200);
    expect((await fixture.logIn(user.email)).body).toMatchObject({
      status: 'second_factor_required',
      factors: ['totp', 'recovery_code', 'passkey'],
    });
  });

  test('is enough where a role asks for one: the password alone adds no authenticator beside it', async () => {
    const { signUp, grant, logIn, post } = fixture;
    const user = await signUp();
    const { authenticator, answer } = await create(user);
    await grant(user.userId, 'auditor');
    const { status, body } = await logIn(user.email);
    expect([status, body]).toMatchObject([202, { status: 'second_factor_required', factors: ['passkey'] }]);
    const { challengeToken } = body as unknown as { challengeToken: string };
    expect((await post('/v1/auth/login/second-factor/enrol', { challengeToken })).status).toBe(401);
    const signedIn = await signIn(authenticator);
    expect(signedIn.status).toBe(200);
    // Its session has shown both factors, so that it is refreshed.
    expect((await post('/v1/auth/refresh', { refreshToken: signedIn.body.refreshToken })).status).toBe(200);
    expect((await post('/v1/auth/refresh', { refreshToken: user.tokens.refreshToken })).status).toBe(200);
    expect((await remove(user, answer.body.id)).body).toEqual(mustStay);
  });
});

test('the last way in is not removed, also of two at once', async () => {
  const { signUp, tables } = fixture;
  const user = await signUp();
  const [one, other] = [await create(user), await create(user)];
  await tables.connection.query(sql.unsafe`DELETE FROM auth.user_passwords WHERE user_id = ${user.userId}`);
  const answers = await Promise.all([one, other].map(({ answer }) => remove(user, answer.body.id)));
  expect(answers.map(({ status }) => status).toSorted((first, second) => first - second)).toEqual([204, 409]);
});

test('an address over plain HTTP, or of numbers, has no passkeys, and says so', async () => {
  const plain = await startFixture({ env: { PUBLIC_URL: 'https://192.0.2.1' } });
  const answer = await plain.post('/v1/auth/login/passkey/options', undefined);
  expect(answer.body).toEqual(unprocessable('Passkeys need HTTPS and the name of a host: browsers make none for this address.'));
  expect((await plain.ask<{ methods: string[] }>('GET', '/v1/auth/methods')).body.methods).not.toContain('passkey');
  await plain.close();
});

/** An account with a role that requires a second factor, which it lacks, and the challenge of a sign-in to it. */
const signUpWithout = async () => {
  const user = await fixture.signUp();
  await fixture.grant(user.userId, 'auditor');
  return { user, challengeToken: await fixture.challengeOf(user.email) };
};
const beginInSignIn = (challengeToken: string) =>
  fixture.post<Creation>('/v1/auth/login/second-factor/passkey-options', { challengeToken });
const finishInSignIn = (challengeToken: string, requestToken: string, credential: object, more: object = {}) =>
  fixture.post<TokenPair>('/v1/auth/login/second-factor/passkey', {
    challengeToken,
    requestToken,
    name: ' Laptop ',
    credential,
    ...more,
  });

describe('a passkey that is added in a sign-in', () => {
  test('is the second factor that a role requires: it opens the session, ends those of before, and its user is mailed', async () => {
    const { user, challengeToken } = await signUpWithout();
    const begun = await beginInSignIn(challengeToken);
    expect(begun.body.options).toMatchObject({ user: { name: user.email, displayName: 'Ada' }, excludeCredentials: [] });
    const authenticator = createAuthenticator(origin);
    const answer = await finishInSignIn(challengeToken, begun.body.requestToken, authenticator.create(begun.body.options));
    expect(answer.status).toBe(200);
    const { sub, sid } = decodeJwt<{ sid: string }>(answer.body.accessToken);
    expect([sub, await fixture.meStatus(user)]).toEqual([user.userId, 401]);
    expect((await fixture.mailbox.nthTo(user.email, 1)).text).toContain('A passkey was added to your account');
    expect((await auditOf(fixture.tables, sid)).at(0)).toMatchObject({
      action: 'session.create',
      changes: [
        { path: '/method', after: 'password' },
        { path: '/secondFactor', after: 'passkey' },
      ],
    });
    const refreshed = await fixture.post('/v1/auth/refresh', { refreshToken: answer.body.refreshToken });
    expect([refreshed.status, (await signIn(authenticator)).status]).toEqual([200, 200]);
    expect(
      (await finishInSignIn(challengeToken, begun.body.requestToken, authenticator.create(begun.body.options))).body,
    ).toEqual(ended);
  });

  test('is not added by the password alone beside a factor that there is', async () => {
    const { user } = await fixture.signUpWithFactor();
    await fixture.grant(user.userId, 'auditor');
    expect((await beginInSignIn(await fixture.challengeOf(user.email))).body).toEqual(ended);
    const owner = await signUpWithout();
    const late = await fixture.challengeOf(owner.user.email);
    const authenticator = createAuthenticator(origin);
    const { options, requestToken } = (await beginInSignIn(late)).body;
    expect((await create(owner.user)).answer.status).toBe(200);
    expect((await beginInSignIn(owner.challengeToken)).body).toEqual(ended);
    expect((await finishInSignIn(late, requestToken, authenticator.create(options))).body).toEqual(ended);
  });

  test('of many sign-ins at once is added by one', async () => {
    const { user, challengeToken } = await signUpWithout();
    const tokens = [challengeToken, await fixture.challengeOf(user.email), await fixture.challengeOf(user.email)];
    const made = [];
    for (const token of tokens) {
      const { options, requestToken } = (await beginInSignIn(token)).body;
      made.push([token, requestToken, createAuthenticator(origin).create(options)] as const);
    }
    const answers = await Promise.all(made.map((given) => finishInSignIn(...given)));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 401, 401]);
    const { rowCount } = await fixture.tables.connection.query(sql.unsafe`
      SELECT id FROM auth.passkeys WHERE user_id = ${user.userId}`);
    expect(rowCount).toBe(1);
  });

  test('is of that sign-in alone: not of another one, a session, or a challenge that nobody was given', async () => {
    const [mine, theirs] = [await signUpWithout(), await signUpWithout()];
    const authenticator = createAuthenticator(origin);
    const { options, requestToken } = (await beginInSignIn(theirs.challengeToken)).body;
    expect((await finishInSignIn(mine.challengeToken, requestToken, authenticator.create(options))).body).toEqual(ended);
    const own = (await beginCreation(mine.user)).body;
    expect((await finishInSignIn(mine.challengeToken, own.requestToken, authenticator.create(own.options))).body).toEqual(ended);
    const inSignIn = (await beginInSignIn(mine.challengeToken)).body;
    expect((await keep(mine.user, inSignIn.requestToken, authenticator.create(inSignIn.options))).body).toEqual(ended);
    const wrong = (await beginInSignIn(mine.challengeToken)).body;
    const elsewhere = createAuthenticator('https://elsewhere.example');
    expect((await finishInSignIn(mine.challengeToken, wrong.requestToken, elsewhere.create(wrong.options))).body).toEqual(unfit);
    expect((await beginInSignIn(`00000000-0000-4000-8000-000000000000.${'A'.repeat(43)}`)).body).toEqual(ended);
    fixture.clock.advance(601);
    expect((await beginInSignIn(mine.challengeToken)).body).toEqual(ended);
  });

  test('may be kept by a page with a session in a cookie', async () => {
    const { challengeToken } = await signUpWithout();
    const { options, requestToken } = (await beginInSignIn(challengeToken)).body;
    const answer = await finishInSignIn(challengeToken, requestToken, createAuthenticator(origin).create(options), {
      session: 'cookie',
    });
    expect(answer.status).toBe(403);
  });
});

test('every event is as the contracts say', async () => {
  expect(await misshapenEvents(fixture.tables)).toEqual([]);
});
