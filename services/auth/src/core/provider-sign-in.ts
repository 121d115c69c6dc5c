import { AppError, isAppError } from '@guildhall/errors';
import { notFound, retryCompareAndSwap, userActor } from '@guildhall/resources';
import {
  challengeEnded,
  prepareChallenge,
  readChallengeToken,
  secondStepOf,
  type PreparedChallenge,
  type SignInAnswer,
} from './challenges.ts';
import type { ConnectedAccount } from './connection-store.ts';
import type {
  AuthenticationRequest,
  IdentityProvider,
  IdentityProviders,
  OutsideIdentity,
  RequestSeals,
} from './identity-provider.ts';
import { challengeLifetimeSeconds } from './limits.ts';
import { userChanged } from './messages.ts';
import {
  deniedSignIn,
  issueTokens,
  openPrepared,
  prepareSession,
  type OpenSessionParts,
  type PreparedSession,
} from './open-session.ts';
import { secondsAfter } from './random.ts';
import { invitedAddressId } from './registration-store.ts';
import { registrationClosed, type RegistrationMode } from './register.ts';
import { secretTokenOf } from './secret-token.ts';
import type { SessionOwner } from './session-store.ts';
import type { Stores } from './stores.ts';
import type { VisitorContext } from './visitor.ts';

export interface ProviderParts extends OpenSessionParts {
  readonly providers: IdentityProviders;
  readonly requestSeals: RequestSeals;
}

export interface ProviderSignInParts extends ProviderParts {
  readonly registration: RegistrationMode;
  /** The global roles whose holders must have a second factor. */
  readonly requiredRoles: readonly string[];
}

export interface BegunRequest {
  readonly authorizationUrl: string;
  readonly requestToken: string;
  /** In seconds. */
  readonly expiresIn: number;
}

/** Finds a provider of the settings. Throws NOT_FOUND. */
export const findProvider = ({ providers }: Pick<ProviderParts, 'providers'>, id: string): IdentityProvider => {
  const provider = providers.get(id);
  if (provider === undefined) throw notFound('identity provider');
  return provider;
};

/** Stores a request for authentication, and returns where the user signs in. Throws SERVICE_UNAVAILABLE where the provider cannot be asked. */
export const beginRequest = async (
  { database, random, hashes, requestSeals }: ProviderParts,
  provider: IdentityProvider,
  connectTo: SessionOwner | null,
  at: Date,
): Promise<BegunRequest> => {
  const [id, secret] = [random.newId(), random.newSecret()];
  const request = { state: random.newSecret(), nonce: random.newSecret(), codeVerifier: random.newSecret(), connectTo };
  const waiting = {
    id,
    secretHash: hashes.hashSecret(secret),
    provider: provider.id,
    sealedRequest: requestSeals.seal(id, request),
    expiresAt: secondsAfter(at, challengeLifetimeSeconds),
  };
  await database.stores.connections.addRequest(waiting, at);
  const authorizationUrl = await provider.authorizationUrl(request);
  return { authorizationUrl, requestToken: secretTokenOf(id, secret), expiresIn: challengeLifetimeSeconds };
};

/** Takes the request of a token, which ends with that. Throws CHALLENGE_ENDED. */
export const takeRequest = async (
  { database, hashes, requestSeals }: ProviderParts,
  provider: IdentityProvider,
  requestToken: string,
  at: Date,
): Promise<AuthenticationRequest> => {
  const { id, secret } = readChallengeToken(requestToken);
  const asked = { id, secretHash: hashes.hashSecret(secret), provider: provider.id };
  const sealed = await database.stores.connections.takeRequest(asked, at);
  if (sealed === null) throw challengeEnded();
  return requestSeals.open(id, sealed);
};

/** Begins a sign-in at an identity provider. Throws NOT_FOUND, SERVICE_UNAVAILABLE. */
export const createBeginProviderSignIn = (parts: ProviderSignInParts) =>
  async function beginProviderSignIn(providerId: string): Promise<BegunRequest> {
    return beginRequest(parts, findProvider(parts, providerId), null, parts.now());
  };

export interface ProviderAnswer {
  readonly providerId: string;
  readonly requestToken: string;
  readonly query: string;
}

/** The name by which sessions, challenges and the trail know a sign-in at a provider. */
const methodOf = ({ id }: IdentityProvider): string => `oidc:${id}`;

/**
 * Signs in with the answer of a provider: opens a session, or issues the challenge of the second step. Throws NOT_FOUND, CHALLENGE_ENDED, UNPROCESSABLE, SERVICE_UNAVAILABLE as the provider is
 * asked; ACCOUNT_SUSPENDED; and for an unknown user FORBIDDEN where they may get no account, CONFLICT where their address has one.
 */
export const createFinishProviderSignIn = (parts: ProviderSignInParts) =>
  async function finishProviderSignIn(
    context: VisitorContext,
    { deviceLabel, ...answer }: ProviderAnswer & { readonly deviceLabel?: string | undefined },
  ): Promise<SignInAnswer> {
    const provider = findProvider(parts, answer.providerId);
    const at = parts.now();
    const request = await takeRequest(parts, provider, answer.requestToken, at);
    if (request.connectTo !== null) throw challengeEnded();
    const opening = prepareSession(parts, context, deviceLabel);
    const challenge = prepareChallenge(parts, context, { method: methodOf(provider), deviceLabel });
    try {
      const identity = await provider.identify(request, answer.query);
      const entry = { provider, identity, opening, challenge, at };
      return await retryCompareAndSwap(() => enter(parts, context, entry));
    } catch (error) {
      // What the provider could not be asked is no refusal of anybody.
      if (isAppError(error) && error.status < 500) await context.recordDenial(deniedSignIn(null), methodOf(provider));
      throw error;
    }
  };

interface Entry {
  readonly provider: IdentityProvider;
  readonly identity: OutsideIdentity;
  readonly opening: PreparedSession;
  readonly challenge: PreparedChallenge;
  readonly at: Date;
}

/** Opens a session for the account of an outside user, which is created where there is none; undefined where another one created it meanwhile. */
const enter = async (parts: ProviderSignInParts, context: VisitorContext, entry: Entry): Promise<SignInAnswer | undefined> => {
  const { provider, identity, opening, challenge, at } = entry;
  const userId = parts.random.newId();
  const entered = await parts.database.inTransaction(async (stores) => {
    const user = { issuer: provider.issuer, subject: identity.subject };
    const account =
      (await stores.connections.findAccount(user)) ?? (await createAccount(parts, stores, context, { ...entry, userId }));
    if (!account.isActive) throw new AppError('ACCOUNT_SUSPENDED', 'This account is suspended.');
    const step = secondStepOf(account, parts.requiredRoles);
    if (step !== null) {
      const isIssued = await stores.challenges.issue(challenge.challengeOf(account.userId, null, at), at);
      return isIssued ? { step } : null;
    }
    const subject = await openPrepared(stores, opening.sessionOf(account.userId, null, at), at);
    if (subject === null) return null;
    await stores.outbox.append([context.audit('success', opening.eventOf(account.userId, methodOf(provider)))]);
    return { subject };
  });
  if (entered === null) return undefined;
  return 'step' in entered ? challenge.answerOf(entered.step) : issueTokens(parts, opening, entered.subject);
};

const noAccount = (name: string): AppError =>
  new AppError(
    'FORBIDDEN',
    `No account is connected with this one at ${name}. Sign in another way and connect it in your account, or register first.`,
  );

const refuseTaken = (name: string): never => {
  throw new AppError(
    'CONFLICT',
    `There is an account with this address. Sign in to it another way, and connect ${name} in your account.`,
  );
};

/**
 * Creates the account of an unknown user of a trusted provider. Throws FORBIDDEN where they may have none; CONFLICT where the address has one: whoever that is says so in a session of
 * theirs, so that no provider takes an account over.
 */
const createAccount = async (
  { registration, hashes }: ProviderSignInParts,
  { connections, outbox }: Stores,
  context: VisitorContext,
  { provider, identity, userId, at }: Entry & { readonly userId: string },
): Promise<ConnectedAccount> => {
  const { verifiedEmail: email, subject } = identity;
  if (email === null || !provider.isTrusted) throw noAccount(provider.name);
  if (registration === 'closed') throw registrationClosed();
  const displayName = identity.displayName ?? email.slice(0, email.indexOf('@'));
  const requiredInviteId = registration === 'invited' ? invitedAddressId(hashes, email) : null;
  const fresh = { userId, email, displayName, issuer: provider.issuer, subject, requiredInviteId };
  const created = await connections.createAccount(fresh, at);
  // The same user may have signed in at the same moment, in another tab.
  if (created === 'taken')
    return (await connections.findAccount({ issuer: provider.issuer, subject })) ?? refuseTaken(provider.name);
  if (created === 'uninvited') throw new AppError('FORBIDDEN', 'Only invited addresses get an account here.');
  const event = context.audit('success', {
    actor: userActor(created.id, undefined, context.caller),
    action: 'user.register',
    resource: { type: 'user', id: created.id, name: created.displayName },
    changes: [
      { path: '/isEmailVerified', before: false, after: true },
      { path: '/method', after: methodOf(provider) },
    ],
  });
  await outbox.append([event, userChanged(context, created)]);
  return { userId: created.id, isActive: true, hasSecondFactor: false, hasPasskey: false, roles: ['member'] };
};
