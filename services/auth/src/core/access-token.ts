import type { TokenSubject } from './user-store.ts';

/** The issue of an access token. A token of the same subject, session and issue is the same, as EdDSA is deterministic (RFC 8032). */
export interface TokenIssue {
  readonly at: Date;
  readonly id: string;
}

/** Signs an access token (RFC 9068) for a session; good for `accessTokenLifetimeSeconds`. */
export type SignAccessToken = (subject: TokenSubject, sessionId: string, issue?: TokenIssue) => Promise<string>;

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly tokenType: 'Bearer';
  readonly expiresIn: number;
}
