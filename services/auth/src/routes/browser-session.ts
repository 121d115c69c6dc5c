import { AppError } from '@guildhall/errors';
import type { SentCookie, SetCookie } from '@guildhall/http';
import type { Tokens } from '../core/access-token.ts';
import { sessionIdleSeconds } from '../core/limits.ts';
import { parseSecretToken } from '../core/secret-token.ts';

export interface CookieParts {
  /** Whether browsers keep secure cookies of the public address: it is HTTPS, or on this machine. */
  readonly keepsCookies: boolean;
}

const requireSameOrigin = ({ isSameOrigin }: SentCookie): void => {
  if (!isSameOrigin)
    throw new AppError(
      'FORBIDDEN',
      'The session cookie is for pages of this origin: the browser must say Sec-Fetch-Site: same-origin.',
    );
};

/**
 * True if a sign-in asks for its refresh token in a cookie. Throws FORBIDDEN unless a page of this origin does, UNPROCESSABLE where browsers would not
 * keep it.
 */
export const isForCookie = (
  { keepsCookies }: CookieParts,
  session: 'tokens' | 'cookie' | undefined,
  cookie: SentCookie,
): boolean => {
  if (session !== 'cookie') return false;
  requireSameOrigin(cookie);
  if (!keepsCookies)
    throw new AppError('UNPROCESSABLE', 'A session in a cookie needs HTTPS: browsers keep no secure cookie of this address.');
  return true;
};

/** The refresh token of the session cookie. Throws UNAUTHENTICATED without one, FORBIDDEN for a page of another origin. */
export const requireCookieToken = (cookie: SentCookie): string => {
  if (cookie.value === null)
    throw new AppError('UNAUTHENTICATED', 'Send a refresh token, or sign in with a session in a cookie.');
  requireSameOrigin(cookie);
  return cookie.value;
};

/** The answer with tokens: to a browser's session the refresh token goes in the cookie, and nowhere else. */
export const tokensAnswer = (tokens: Tokens, isInCookie: boolean) => {
  if (!isInCookie) return { body: tokens };
  const { refreshToken, ...body } = tokens;
  const sessionCookie: SetCookie = { value: refreshToken, maxAgeSeconds: sessionIdleSeconds };
  return { body, sessionCookie };
};

/** The end of the cookie of a session that has ended; that of another session stays. */
export const clearedCookie = (sessionId: string, { value, isSameOrigin }: SentCookie): { readonly sessionCookie?: SetCookie } =>
  isSameOrigin && value !== null && parseSecretToken(value)?.id === sessionId ? { sessionCookie: 'clear' } : {};
