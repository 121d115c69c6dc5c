import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problem, startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const wrong = problem(401, 'UNAUTHENTICATED', 'Sign in first', 'The address or the password is wrong.');

describe('POST /v1/auth/login', () => {
  test('signs in who registered and verified', async () => {
    const { register, verify, logIn, newEmail } = fixture;
    const email = newEmail();
    expect(await register(email)).toMatchObject({ status: 202, body: { status: 'verification_sent' } });
    expect(await verify(email)).toMatchObject({ status: 200, body: { status: 'verified' } });
    expect(await logIn(email)).toMatchObject({ status: 200, body: { tokenType: 'Bearer', expiresIn: 300 } });
    expect((await logIn(email, { password: 'another long sentence' })).body).toEqual(wrong);
  });
});
