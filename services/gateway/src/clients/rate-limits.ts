import { LRUCache } from 'lru-cache';

export interface RateLimits {
  /** Null when the key may go on; otherwise the whole seconds until it may. */
  spend(limit: 'sign-in' | 'request', key: string): number | null;
}

export interface RateLimitsParts {
  readonly requestsPerMinuteMax: number;
  readonly signInsPerMinuteMax: number;
  /** Milliseconds that never run backwards. */
  readonly monotonicMs: () => number;
}

/** Keys remembered at most; beyond it the one unused for longest starts anew. */
const keysMax = 100_000;
const minuteMs = 60_000;

/**
 * Limits per caller in this process, by the generic cell rate algorithm (ITU-T I.371, annex A): a minute's worth may
 * come at once, after that as many as the rate lets through. With several gateways each allows its own share.
 */
export const createRateLimits = ({ requestsPerMinuteMax, signInsPerMinuteMax, monotonicMs }: RateLimitsParts): RateLimits => {
  const meters = {
    request: createMeter(requestsPerMinuteMax),
    'sign-in': createMeter(signInsPerMinuteMax),
  };
  return { spend: (limit, key) => meters[limit](key, monotonicMs()) };
};

const createMeter = (perMinuteMax: number): ((key: string, now: number) => number | null) => {
  const intervalMs = minuteMs / perMinuteMax;
  const emptyAt = new LRUCache<string, number>({ max: keysMax });
  return (key, now) => {
    const next = Math.max(emptyAt.get(key) ?? now, now) + intervalMs;
    const waitMs = next - now - minuteMs;
    if (waitMs > 0) return Math.ceil(waitMs / 1000);
    emptyAt.set(key, next);
    return null;
  };
};
