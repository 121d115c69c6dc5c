import { LRUCache } from 'lru-cache';

/** The life of an answer: a credential that was revoked is refused after this time, and an open stream of it ends within another second. */
const cacheMs = 1_000;
const cachedMax = 10_000;

/**
 * Asks for what stands behind a key, with a cache and single flight: equal concurrent lookups share one call. Nothing (null) is cached, too. `onLookup` is called
 * before anybody is asked, and what it throws is thrown.
 */
export const createCallerLookup = <Question, Answer extends object>(
  keyOf: (question: Question) => string,
  ask: (question: Question) => Promise<Answer | null>,
) => {
  const cache = new LRUCache<string, { readonly answer: Answer | null }>({ max: cachedMax, ttl: cacheMs });
  const inFlight = new Map<string, Promise<Answer | null>>();

  const askAndKeep = async (key: string, question: Question): Promise<Answer | null> => {
    const start = performance.now();
    const answer = await ask(question);
    // Its age begins with the question: the answer may have been on its way for long.
    cache.set(key, { answer }, { start });
    return answer;
  };
  return async (question: Question, onLookup: () => void): Promise<Answer | null> => {
    const key = keyOf(question);
    const known = cache.get(key);
    if (known !== undefined) return known.answer;
    const pending = inFlight.get(key);
    if (pending !== undefined) return pending;
    onLookup();
    const started = askAndKeep(key, question).finally(() => inFlight.delete(key));
    inFlight.set(key, started);
    return started;
  };
};
