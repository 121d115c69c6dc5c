import { LRUCache } from 'lru-cache';
import type { SpendRate } from '../core/admission/admit.ts';

export interface RateLimits {
  readonly spend: SpendRate;
}

export interface RateLimitsParts {
  readonly requestsPerMinuteMax: number;
  readonly signInsPerMinuteMax: number;
  /** Milliseconds that never run backwards. */
  readonly monotonicMs: () => number;
}

/** The number of keys that are tracked. Beyond it the least recently used one starts with a full bucket. */
const keysMax = 100_000;
const minuteMs = 60_000;

/**
 * A token-bucket rate limiter per caller in this process, as the generic cell rate algorithm (ITU-T I.371, annex A): a burst of one
 * minute's requests, after that the steady rate. Several gateways do not share their buckets.
 */
export const createRateLimits = ({ requestsPerMinuteMax, signInsPerMinuteMax, monotonicMs }: RateLimitsParts): RateLimits => {
  const meters = {
    request: createMeter(requestsPerMinuteMax),
    'sign-in': createMeter(signInsPerMinuteMax),
    installation: createMeter(signInsPerMinuteMax),
    refresh: createMeter(signInsPerMinuteMax),
    'refused-refresh': createMeter(signInsPerMinuteMax),
  };
  return { spend: (limit, key) => meters[limit](key, monotonicMs()) };
};

const createMeter = (perMinuteMax: number): ((key: string, now: number) => number | null) => {
  const intervalMs = minuteMs / perMinuteMax;
  // Bounded by size, not by number: the cache would set up all of its places at once for that, for each limit.
  const emptyAt = new LRUCache<string, number>({ maxSize: keysMax, sizeCalculation: () => 1 });
  return (key, now) => {
    const next = Math.max(emptyAt.get(key) ?? now, now) + intervalMs;
    const waitMs = next - now - minuteMs;
    if (waitMs > 0) return Math.ceil(waitMs / 1000);
    emptyAt.set(key, next);
    return null;
  };
};
