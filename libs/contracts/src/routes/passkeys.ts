import { Type, type Static, type TProperties } from 'typebox';
import { closed, CreatedAt, field, Name, named, nullable, pageFields, pageOf, Timestamp, Uuid, Version } from '../fields.ts';
import { group } from '../route.ts';
import { authTag, ChallengeToken, DeviceLabel, SessionKind, TokenPair } from './auth.ts';
import { OwnPassword } from './own-password.ts';

/** Bytes in base64url, as WebAuthn's JSON has them (Web Authentication Level 3, section 5.1.8). */
const bytes = (description: string, example: string) =>
  Type.String({ minLength: 1, maxLength: 32_768, description, examples: [example] });

const CredentialId = bytes('The id of the credential, in base64url.', 'o6f2m9yQm0uXK7nRk0a0wQ');
const Challenge = bytes(
  '32 random bytes in base64url, which the authenticator signs.',
  'qW8xZ2n5Vb7Jk1Lm3Pd9Rt4Yu6Io0AsDfGhJkLzXcVb',
);
const RpId = Type.String({
  description: 'The host that the passkey is for (relying party id).',
  examples: ['guildhall.example.org'],
});
const Timeout = Type.Integer({ description: 'The time that the user has, in milliseconds.', examples: [300_000] });
const PublicKey = Type.Literal('public-key', { description: 'The type of credential.' });

export const RequestToken = field(
  ChallengeToken,
  'Stays with the page that asked: the answer of the authenticator is good only together with it, once, for five minutes.',
);
const ExpiresIn = Type.Integer({ minimum: 1, description: 'The life of the request, in seconds.', examples: [300] });

export const PasskeyCreation = named(
  'PasskeyCreation',
  'What a browser needs to make a passkey (`navigator.credentials.create`).',
  {
    options: closed(
      {
        rp: closed(
          { id: RpId, name: Type.String({ description: 'The name of the installation.', examples: ['Guildhall'] }) },
          'What the passkey is for (relying party).',
        ),
        user: closed(
          {
            id: bytes('The account, as the authenticator keeps it: it names nobody.', 'b3ZlcmhlYWQgb2YgYSBoYXNoIG9mIDMyIGJ5dGVz'),
            name: Type.String({ description: 'The address of the account.', examples: ['ada@example.org'] }),
            displayName: Type.String({ description: 'The name of the user.', examples: ['Ada Lovelace'] }),
          },
          'Whom the passkey is for.',
        ),
        challenge: Challenge,
        pubKeyCredParams: Type.Array(
          closed({ type: PublicKey, alg: Type.Integer({ description: 'A COSE algorithm.', examples: [-7] }) }),
          { description: 'The algorithms that are taken, the best first.' },
        ),
        timeout: Timeout,
        excludeCredentials: Type.Array(closed({ type: PublicKey, id: CredentialId }), {
          description: 'The passkeys of the account: an authenticator that has one makes no other.',
        }),
        authenticatorSelection: closed(
          {
            residentKey: Type.Literal('required', { description: 'The passkey signs in without an address.' }),
            requireResidentKey: Type.Literal(true, { description: 'The same, for older browsers.' }),
            userVerification: Type.Literal('required', { description: 'The authenticator makes sure who uses it.' }),
          },
          'The authenticators that can make it.',
        ),
        attestation: Type.Literal('none', { description: 'Nobody asks who made the authenticator.' }),
      },
      'The public key options, as the browser takes them (`PublicKeyCredential.parseCreationOptionsFromJSON`).',
    ),
    requestToken: RequestToken,
    expiresIn: ExpiresIn,
  },
);

export type PasskeyCreation = Static<typeof PasskeyCreation>;

const PasskeyRequest = named('PasskeyRequest', 'What a browser needs to sign in with a passkey (`navigator.credentials.get`).', {
  options: closed(
    {
      challenge: Challenge,
      rpId: RpId,
      timeout: Timeout,
      userVerification: Type.Literal('required', { description: 'The authenticator makes sure who uses it.' }),
    },
    'The public key options, as the browser takes them (`PublicKeyCredential.parseRequestOptionsFromJSON`).',
  ),
  requestToken: RequestToken,
  expiresIn: ExpiresIn,
});

/** The answer of an authenticator as `toJSON()` of a browser has it. Extensions are not asked for, and not looked at. */
const credentialOf = <const P extends TProperties>(description: string, response: P) =>
  Type.Object(
    {
      id: CredentialId,
      rawId: CredentialId,
      type: PublicKey,
      authenticatorAttachment: Type.Optional(
        nullable(Type.String({ maxLength: 100, examples: ['platform'] }), 'Whether it is a part of the device.'),
      ),
      clientExtensionResults: Type.Optional(
        Type.Record(Type.String(), Type.Unknown(), { maxProperties: 50, description: 'Not looked at.', examples: [{}] }),
      ),
      response: closed(response, 'What the authenticator has signed.'),
    },
    { additionalProperties: false, description },
  );

const clientDataJSON = bytes('What the browser says of itself.', 'eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0');
const authenticatorData = bytes('What the authenticator says.', 'SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ');

export const CreatedCredential = credentialOf('The answer of the authenticator that made the passkey.', {
  clientDataJSON,
  attestationObject: bytes('The new credential.', 'o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVg'),
  authenticatorData: Type.Optional(authenticatorData),
  transports: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 30, examples: ['internal'] }), {
      maxItems: 10,
      description: 'Not looked at.',
    }),
  ),
  publicKey: Type.Optional(nullable(bytes('Not looked at.', 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE'), 'Not looked at.')),
  publicKeyAlgorithm: Type.Optional(Type.Integer({ description: 'Not looked at.', examples: [-7] })),
});
export type CreatedCredential = Static<typeof CreatedCredential>;

const UsedCredential = credentialOf('The answer of the authenticator that has the passkey.', {
  clientDataJSON,
  authenticatorData,
  signature: bytes('The signature over both.', 'MEUCIQDx0'),
  userHandle: Type.Optional(nullable(bytes('The account.', 'b3ZlcmhlYWQ'), 'The account, as the authenticator kept it.')),
});
export type UsedCredential = Static<typeof UsedCredential>;

export const PasskeyName = field(Name, 'What the list of passkeys calls it.', 'Laptop');

const Passkey = named('Passkey', 'A passkey of the own account: a way to sign in without a password (WebAuthn).', {
  id: field(Uuid, 'The id of the passkey.', '5d6e7f8a-9b0c-4d1e-8f2a-3b4c5d6e7f8a'),
  name: PasskeyName,
  isBackedUp: Type.Boolean({ description: 'Whether its authenticator keeps copies of it elsewhere, as far as it says.' }),
  version: Version,
  lastUsedAt: nullable(Timestamp, 'When it last signed in; null if it never did.'),
  createdAt: CreatedAt,
});
export type Passkey = Static<typeof Passkey>;

const passkey = { type: 'passkey', parameter: 'passkeyId' } as const;
const params = { passkeyId: field(Uuid, 'The passkey.', '5d6e7f8a-9b0c-4d1e-8f2a-3b4c5d6e7f8a') };

/** The routes of a sign-in with a passkey. */
export const passkeySignInRoutes = group(authTag, {
  beginPasskeySignIn: {
    method: 'POST',
    path: '/v1/auth/login/passkey/options',
    summary: 'Begin to sign in with a passkey, without an address.',
    action: 'session.create',
    subject: { type: 'session', id: 'new' },
    responses: { 200: PasskeyRequest },
    carriesSecrets: true,
    errors: ['UNPROCESSABLE'],
  },
  signInWithPasskey: {
    method: 'POST',
    path: '/v1/auth/login/passkey',
    summary: 'Sign in with a passkey. It counts as both factors: the device, and what it makes sure of the user by.',
    action: 'session.create',
    subject: { type: 'session', id: 'new' },
    body: {
      requestToken: RequestToken,
      credential: UsedCredential,
      deviceLabel: Type.Optional(DeviceLabel),
      session: Type.Optional(SessionKind),
    },
    responses: { 200: TokenPair },
    carriesSecrets: true,
    takesSessionCookie: true,
    errors: ['CHALLENGE_ENDED', 'FORBIDDEN', 'ACCOUNT_SUSPENDED', 'UNPROCESSABLE'],
  },
});

/** The routes of the own passkeys. */
export const passkeyRoutes = group(authTag, {
  beginPasskey: {
    method: 'POST',
    path: '/v1/auth/passkey-options',
    summary: 'Begin to make a passkey for the own account, by the password.',
    action: 'passkey.create',
    subject: { type: 'passkey', id: 'new' },
    body: { password: OwnPassword },
    responses: { 200: PasskeyCreation },
    carriesSecrets: true,
    errors: ['WRONG_PASSWORD', 'REAUTHENTICATION_REQUIRED', 'UNPROCESSABLE'],
  },
  createPasskey: {
    method: 'POST',
    path: '/v1/auth/passkeys',
    summary: 'Keep the passkey that an authenticator has made, in the session that asked for it. The user is mailed.',
    action: 'passkey.create',
    subject: { type: 'passkey', id: 'new' },
    body: { requestToken: RequestToken, name: PasskeyName, credential: CreatedCredential },
    responses: { 200: Passkey },
    answersVersion: true,
    errors: ['CHALLENGE_ENDED', 'CONFLICT', 'UNPROCESSABLE'],
  },
  listPasskeys: {
    method: 'GET',
    path: '/v1/auth/passkeys',
    summary: 'The own passkeys.',
    action: 'passkey.list',
    subject: { type: 'user', id: 'own' },
    query: pageFields,
    responses: { 200: pageOf('Passkey', Passkey) },
  },
  getPasskey: {
    method: 'GET',
    path: '/v1/auth/passkeys/:passkeyId',
    summary: 'One of the own passkeys.',
    action: 'passkey.read',
    subject: passkey,
    params,
    responses: { 200: Passkey },
    answersVersion: true,
    // Its use has no part in the version.
    changesBetweenVersions: true,
    errors: ['NOT_FOUND'],
  },
  renamePasskey: {
    method: 'PATCH',
    path: '/v1/auth/passkeys/:passkeyId',
    summary: 'Give a passkey another name.',
    action: 'passkey.update',
    subject: passkey,
    params,
    body: { name: PasskeyName },
    responses: { 200: Passkey },
    answersVersion: true,
    isVersioned: true,
    errors: ['NOT_FOUND'],
  },
  removePasskey: {
    method: 'DELETE',
    path: '/v1/auth/passkeys/:passkeyId',
    summary:
      'Remove a passkey. Refused for the last way in beside mails, and for the only second factor that a role requires. Every other session ends, and the user is mailed.',
    action: 'passkey.delete',
    subject: passkey,
    params,
    responses: { 204: null },
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
});
