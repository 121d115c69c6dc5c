import type { AnswerOf, CallOf } from './call.ts';

/** Returns whether this page can use passkeys: they want HTTPS or this machine, and a browser that takes their JSON form. */
export const hasPasskeys = (): boolean =>
  window.isSecureContext && 'PublicKeyCredential' in window && 'parseRequestOptionsFromJSON' in PublicKeyCredential;

/** A dialog that the person closed, or that took too long, tells no more than that. */
const isCancelled = (error: unknown): boolean => error instanceof DOMException && error.name === 'NotAllowedError';

const orNull = async (ask: () => Promise<Credential | null>): Promise<PublicKeyCredential | null> => {
  try {
    const credential = await ask();
    return credential instanceof PublicKeyCredential ? credential : null;
  } catch (error) {
    if (isCancelled(error)) return null;
    throw error;
  }
};

type Created = CallOf<'createPasskey'>['body']['credential'];
type Used = CallOf<'signInWithPasskey'>['body']['credential'];

/** Has an authenticator make a passkey. Null where the person did not go on. */
export const makePasskey = async ({ options }: AnswerOf<'beginPasskey'>): Promise<Created | null> => {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = await orNull(() => navigator.credentials.create({ publicKey }));
  return credential === null ? null : (credential.toJSON() as Created);
};

/** Has an authenticator sign with a passkey. Null where the person did not go on. */
export const signWithPasskey = async ({ options }: AnswerOf<'beginPasskeySignIn'>): Promise<Used | null> => {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await orNull(() => navigator.credentials.get({ publicKey }));
  return credential === null ? null : (credential.toJSON() as Used);
};
