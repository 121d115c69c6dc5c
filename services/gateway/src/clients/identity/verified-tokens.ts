import type { AppError } from '@guildhall/errors';
import { LRUCache } from 'lru-cache';

export interface VerifiedTokensParts<T> {
  /** Verifies the signature and the claims of a token. Throws for one that is not good. */
  readonly verify: (token: string) => Promise<T & { readonly expiresAtMs: number }>;
  /** The error that is thrown for one that has expired since. */
  readonly expired: () => AppError;
  readonly max: number;
  readonly clockToleranceSeconds: number;
}

interface Kept<T> {
  readonly token: T;
  readonly expiresAtMs: number;
  /** The end by a monotonic clock, so that a token lives no longer because the clock was set back. */
  readonly endsAtMonotonicMs: number;
}

/** Verifies each token once, and its end at every use. Single flight: equal tokens that arrive together are verified once. */
export const createVerifiedTokens = <T extends object>(parts: VerifiedTokensParts<T>): ((token: string) => Promise<T> | T) => {
  const { verify, expired, max, clockToleranceSeconds } = parts;
  const verified = new LRUCache<string, Kept<T>>({ max });
  const inFlight = new Map<string, Promise<T>>();

  const verifyAndKeep = async (text: string): Promise<T> => {
    const token = await verify(text);
    const { expiresAtMs } = token;
    const endsAtMonotonicMs = performance.now() + expiresAtMs - Date.now() + clockToleranceSeconds * 1000;
    verified.set(text, { token, expiresAtMs, endsAtMonotonicMs });
    return token;
  };
  return (text) => {
    const known = verified.get(text);
    if (known !== undefined) {
      if (known.endsAtMonotonicMs < performance.now()) throw expired();
      if (known.expiresAtMs > Date.now()) return known.token;
      verified.delete(text);
    }
    const pending = inFlight.get(text);
    if (pending !== undefined) return pending;
    const started = verifyAndKeep(text).finally(() => inFlight.delete(text));
    inFlight.set(text, started);
    return started;
  };
};
