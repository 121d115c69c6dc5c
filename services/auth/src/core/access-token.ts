import type { TokenSubject } from './user-store.ts';

/** Signs an access token (RFC 9068) for a session; good for `accessTokenLifetimeSeconds`. */
export type SignAccessToken = (subject: TokenSubject, sessionId: string) => Promise<string>;

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly tokenType: 'Bearer';
  readonly expiresIn: number;
}
