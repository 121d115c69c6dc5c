import type { TokenPair } from '@guildhall/contracts';
import { problemOf, unreachable, type ProblemError } from './problem.ts';
import { recall, remember } from './remembered.ts';
import { createStore } from './store.ts';

/** `ended`: it was there, and is no more: signed out elsewhere, revoked or expired. */
type SessionStatus = 'unknown' | 'signed_out' | 'signed_in' | 'ended';

export const sessionStatus = createStore<SessionStatus>('unknown');

/** The account that is signed in, or was last. Another tab may sign in as somebody else: then it changes while a session goes on. */
export const sessionUser = createStore<string | null>(null);

/** A browser keeps the refresh token in a cookie that no script reads; over plain HTTP it keeps no such cookie. */
export const sessionKind = (): 'cookie' | 'tokens' => (window.isSecureContext ? 'cookie' : 'tokens');

interface Tokens {
  readonly accessToken: string;
  /** Null: it lies in the cookie. */
  readonly refreshToken: string | null;
  readonly expiresAt: number;
}

let tokens: Tokens | null = null;
let refreshing: Promise<boolean> | null = null;

const earlierMs = 15_000;
const otherTabs = new BroadcastChannel('guildhall-session');

const endHere = (status: 'signed_out' | 'ended'): void => {
  tokens = null;
  remember('signed-in', null);
  sessionStatus.set(status);
};

/** Begins a session in this tab, and tells the others that there is one. */
export const beginSession = (pair: TokenPair): void => {
  keep(pair);
  otherTabs.postMessage('signed-in');
};

/** The account that an access token names. It is no proof here: the server looks at the signature. */
const userOf = (accessToken: string): string | null => {
  try {
    const payload = (accessToken.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    return (JSON.parse(atob(payload)) as { readonly sub?: string }).sub ?? null;
  } catch {
    return null;
  }
};

const keep = ({ accessToken, refreshToken, expiresIn }: TokenPair): void => {
  tokens = { accessToken, refreshToken: refreshToken ?? null, expiresAt: performance.now() + expiresIn * 1_000 };
  if (refreshToken === undefined) remember('signed-in', 'yes');
  sessionUser.set(userOf(accessToken));
  sessionStatus.set('signed_in');
};

/** Ends the session in this tab and all others of this browser. */
export const forgetSession = (): void => {
  endHere('signed_out');
  otherTabs.postMessage('signed-out');
};

otherTabs.addEventListener('message', ({ data }: MessageEvent<string>) => {
  if (data === 'signed-out' && sessionStatus.get() === 'signed_in') endHere('signed_out');
  // Also who is signed in: the cookie of this browser may be somebody else's now.
  if (data === 'signed-in' && sessionKind() === 'cookie') void refreshSession().catch(() => undefined);
});

/** One tab at a time exchanges the refresh token: two at once would look like a stolen one. */
const alone = <T>(run: () => Promise<T>): Promise<T> =>
  'locks' in navigator ? navigator.locks.request('guildhall-refresh', run) : run();

const exchange = async (): Promise<boolean> => {
  const refreshToken = tokens?.refreshToken ?? null;
  const answer = await fetch('/v1/auth/refresh', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(refreshToken === null ? {} : { refreshToken }),
  }).catch(() => {
    throw unreachable();
  });
  if (answer.ok) {
    keep((await answer.json()) as TokenPair);
    return true;
  }
  const problem: ProblemError = await problemOf(answer);
  if (problem.parts.status !== 401) throw problem;
  endHere(sessionStatus.get() === 'unknown' && problem.code !== 'SESSION_ENDED' ? 'signed_out' : 'ended');
  return false;
};

/** Gets a new access token. False: there is no session any more. Throws a ProblemError when it cannot be told. */
export const refreshSession = (): Promise<boolean> =>
  (refreshing ??= alone(exchange).finally(() => {
    refreshing = null;
  }));

/** Returns whether the access token is too old to be sent, and no newer one has come. */
export const hasGrownOld = (): boolean => tokens !== null && tokens.expiresAt - performance.now() < earlierMs;

/** The access token to send now; null without a session. A token that is about to end is exchanged before. */
export const currentToken = async (): Promise<string | null> => {
  if (tokens === null) return null;
  if (hasGrownOld()) await refreshSession();
  return tokens.accessToken;
};

const soughtAgainMs = 3_000;

/**
 * Finds the session that this browser had when the page was opened. Where that cannot be told, since Guildhall or its shared part is away,
 * the page begins signed out, and the session is there once it can be.
 */
export const findSession = async (): Promise<void> => {
  if (recall('signed-in') === null) return sessionStatus.set('signed_out');
  try {
    await refreshSession();
  } catch {
    if (sessionStatus.get() === 'unknown') sessionStatus.set('signed_out');
    setTimeout(() => void (sessionStatus.get() === 'signed_out' && findSession()), soughtAgainMs);
  }
};
