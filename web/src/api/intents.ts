import { newId } from './ids.ts';

/** The most creations that are remembered. */
const rememberedMax = 50;
/** The keys of creations whose answers were lost, by what was asked. */
const unanswered = new Map<string, string>();

/**
 * The idempotency key of a creation. One whose answer was lost keeps its key: whoever sends it again, by a second click, creates nothing
 * twice. The next creation of the same content gets a fresh one.
 */
export const keyOfIntent = (intent: string): string => {
  const key = unanswered.get(intent) ?? newId();
  unanswered.set(intent, key);
  for (const [oldest] of unanswered) {
    if (unanswered.size <= rememberedMax) break;
    unanswered.delete(oldest);
  }
  return key;
};

/** Notes that a creation was answered. */
export const settleIntent = (intent: string): void => void unanswered.delete(intent);
