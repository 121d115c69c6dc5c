import { call, type AnswerOf } from '../../api/call.ts';
import { deviceLabel } from '../../api/device.ts';
import { makePasskey, signWithPasskey } from '../../api/passkeys.ts';
import { beginSession, sessionKind } from '../../api/session.ts';

type FirstAnswer = AnswerOf<'logIn'>;
/** The second step that a sign-in asks for. */
export type SecondStep = Extract<FirstAnswer, { readonly challengeToken: string }>;

const isSecondStep = (answer: FirstAnswer): answer is SecondStep => 'challengeToken' in answer;

/** Opens the session that a first factor got, or returns the second step that it asks for. */
const proceed = (answer: FirstAnswer): SecondStep | null => {
  if (isSecondStep(answer)) return answer;
  beginSession(answer);
  return null;
};

export const logIn = async (email: string, password: string): Promise<SecondStep | null> =>
  proceed(await call('logIn', { body: { email, password, deviceLabel: deviceLabel(), session: sessionKind() } }));

/** The digits or the secret of a link that were mailed, as a first factor. */
export const logInByCode = async (
  body: { readonly email: string; readonly codeToken: string; readonly code: string },
  purpose: 'otp' | 'magic_link',
): Promise<SecondStep | null> => {
  const answer = await call('verifyCode', { body: { ...body, purpose, deviceLabel: deviceLabel(), session: sessionKind() } });
  return 'status' in answer && answer.status === 'verified' ? null : proceed(answer);
};

export const logInWithSecond = async (challengeToken: string, code: string): Promise<void> =>
  beginSession(await call('logInWithSecondFactor', { body: { challengeToken, code: code.trim(), session: sessionKind() } }));

/** The answer of an identity provider as a first factor. */
export const logInByProvider = async (
  provider: string,
  body: { readonly requestToken: string; readonly query: string },
): Promise<SecondStep | null> =>
  proceed(
    await call('finishProviderSignIn', {
      params: { provider },
      body: { ...body, deviceLabel: deviceLabel(), session: sessionKind() },
    }),
  );

/** A passkey, which counts as both factors. False where the person did not go on. */
export const logInWithPasskey = async (): Promise<boolean> => {
  const begun = await call('beginPasskeySignIn');
  const credential = await signWithPasskey(begun);
  if (credential === null) return false;
  const { requestToken } = begun;
  const body = { requestToken, credential, deviceLabel: deviceLabel(), session: sessionKind() };
  beginSession(await call('signInWithPasskey', { body }));
  return true;
};

/** Makes the passkey that an account must have as its second factor, and signs in. False where the person did not go on. */
export const enrolPasskey = async (challengeToken: string, name: string): Promise<boolean> => {
  const begun = await call('beginPasskeyAtLogIn', { body: { challengeToken } });
  const credential = await makePasskey(begun);
  if (credential === null) return false;
  const { requestToken } = begun;
  const body = { challengeToken, requestToken, name: name.trim(), credential, session: sessionKind() };
  beginSession(await call('createPasskeyAtLogIn', { body }));
  return true;
};
