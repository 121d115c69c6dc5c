import type { SessionOwner } from './session-store.ts';

/** A request for authentication: the answer of the provider is bound to all of it (OpenID Connect Core 1.0, section 3.1.2.1; RFC 7636). */
export interface AuthenticationRequest {
  /** Returned in the query of the answer. */
  readonly state: string;
  /** Returned in the ID token. */
  readonly nonce: string;
  /** 256 random bits, whose SHA-256 the provider is sent. */
  readonly codeVerifier: string;
  /** The caller who connects the account; null in a sign-in. */
  readonly connectTo: SessionOwner | null;
}

/** A user, as an identity provider vouches for them. */
export interface OutsideIdentity {
  /** Unique within the issuer, and never given to another user. */
  readonly subject: string;
  /** The address, normalised, where the provider has verified it; null otherwise. */
  readonly verifiedEmail: string | null;
  /** Null where the provider tells no usable name. */
  readonly displayName: string | null;
}

/** An identity provider: an issuer of ID tokens, one of the settings. */
export interface IdentityProvider {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  /** Whether an address that it has verified makes an account. */
  readonly isTrusted: boolean;
  /** The address at which a user signs in. Throws SERVICE_UNAVAILABLE. */
  authorizationUrl(request: AuthenticationRequest): Promise<string>;
  /**
   * The user for whom the provider answered with this query: exchanges the code and checks the ID token, with its signature, issuer, audience, times and nonce. Throws UNPROCESSABLE
   * for an answer that does not fit the request, SERVICE_UNAVAILABLE where the provider cannot be asked.
   */
  identify(request: AuthenticationRequest, query: string): Promise<OutsideIdentity>;
}

/** The providers of the settings, by id. */
export type IdentityProviders = ReadonlyMap<string, IdentityProvider>;

/** Encrypts a request while its user is at the provider; it opens only under the id of its row. */
export interface RequestSeals {
  seal(id: string, request: AuthenticationRequest): string;
  open(id: string, sealed: string): AuthenticationRequest;
}
