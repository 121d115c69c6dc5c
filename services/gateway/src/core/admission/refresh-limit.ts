import { AppError } from '@guildhall/errors';
import { networkOf } from '@guildhall/resources';
import type { SpendRate } from './admit.ts';

/** Watches one forwarded exchange: either function may throw the AppError that the client gets in place of the answer. */
export interface ExchangeLimit {
  /** Called with the body before it is forwarded. */
  readonly onBody: (body: string) => void;
  /** Called with the status of the service's answer before it is passed on. */
  readonly onStatus: (status: number) => void;
}

const rateLimited = (waitSeconds: number): AppError =>
  new AppError('RATE_LIMITED', `Too many requests. Try again in ${waitSeconds} s.`, { retryAfterSeconds: waitSeconds });

/** Throws RATE_LIMITED for a caller who must wait. */
export const refuseIf = (waitSeconds: number | null): void => {
  if (waitSeconds !== null) throw rateLimited(waitSeconds);
};

/**
 * The rate limit of exchanges of refresh tokens. A token holds 256 random bits, so nothing is gained by guessing: exchanges are
 * counted by session and network, and only the refused ones by network alone. So nobody who shares an address with others can
 * sign them out by spending a limit.
 */
export const createRefreshLimit = (
  spend: SpendRate,
  ip: string,
  { cookie = '' }: { readonly cookie?: string } = {},
): ExchangeLimit => {
  const network = networkOf(ip);
  const spendRefused = (): void => refuseIf(spend('refused-refresh', network));
  return {
    onBody: (body) => {
      const sessionId = sessionIdIn(tokenIn(body) ?? cookie.slice(cookie.indexOf('=') + 1));
      if (sessionId === null) spendRefused();
      else refuseIf(spend('refresh', `${sessionId} ${network}`));
    },
    onStatus: (status) => {
      if (status === 401) spendRefused();
    },
  };
};

/** The session's id in a refresh token, `<sessionId>.<secret>`; null where the text is none. */
const sessionIdIn = (token: string): string | null => /^([\da-f-]{36})\./i.exec(token)?.[1]?.toLowerCase() ?? null;

/** The refresh token in a body; null where it has none, and the cookie counts. */
const tokenIn = (body: string): string | null => {
  try {
    const { refreshToken } = Object(JSON.parse(body)) as { refreshToken?: unknown };
    return typeof refreshToken === 'string' ? refreshToken : null;
  } catch {
    return null;
  }
};
