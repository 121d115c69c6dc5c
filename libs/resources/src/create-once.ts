import { AppError } from '@guildhall/errors';
import { retryCompareAndSwap } from './compare-and-swap.ts';
import type { RequestContext } from './request-context.ts';

/** Idempotent creates: a repeated request with the same Idempotency-Key gets the answer of the first one. */

/** The first answer under an Idempotency-Key, with the hash of its request. */
export interface EarlierAnswer {
  readonly requestHash: string;
  readonly body: unknown;
}

/** The answer that a create stores under its Idempotency-Key. */
export interface RememberedAnswer extends EarlierAnswer {
  readonly key: string;
}

/** The parent that something is created in, and the answer to an earlier use of the caller's key. */
export interface WithEarlier {
  readonly earlier: EarlierAnswer | null;
}

/** The values as one text that does not depend on the order of object keys. */
export const fingerprintOf = (values: readonly unknown[]): string =>
  JSON.stringify(values, (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );

export interface Creation<T, Target extends WithEarlier> {
  /** Everything that makes two requests the same one: the action, the parent and the body. */
  readonly fingerprint: readonly unknown[];
  /** Reads the parent with the caller's access. Throws NOT_FOUND when the caller may not see it. */
  readonly findTarget: () => Promise<Target>;
  /** Throws FORBIDDEN when the caller may not create there. Asked before an earlier answer is repeated, too: it may hold a secret. */
  readonly allow: (target: Target) => void | Promise<void>;
  /** Makes what is created, of the request and the target alone. Called for a repeated request, too, and never throws. */
  readonly make: (target: Target) => T;
  /** Stores row, event and remembered answer in one statement. False when the key or the access was lost to a concurrent change. */
  readonly insert: (made: T, remembered: RememberedAnswer | null, target: Target) => Promise<boolean>;
}

/** IDEMPOTENCY_KEY_REUSED: the caller's key belongs to another request. */
const keyReused = (): AppError =>
  new AppError('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request. Send a new one.');

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Completes an answer that an earlier release stored: a field that answers have got since is the one of `made`, which is what this
 * release makes of the same request. Every stored value stays. A field that is derived from the id of what was created cannot be
 * completed so: the id of `made` is another one.
 */
const completeAnswer = (stored: unknown, made: unknown): unknown =>
  isObject(stored) && isObject(made)
    ? { ...made, ...Object.fromEntries(Object.entries(stored).map(([name, value]) => [name, completeAnswer(value, made[name])])) }
    : stored;

/**
 * Creates once per Idempotency-Key. The same key with the same request returns the first answer, also when both come at the
 * same time; with another request it throws IDEMPOTENCY_KEY_REUSED. Without a key every call creates.
 */
export const createOnce = <T, Target extends WithEarlier>(
  { sha256, idempotencyKey: key }: Pick<RequestContext, 'sha256' | 'idempotencyKey'>,
  { fingerprint, findTarget, allow, make, insert }: Creation<T, Target>,
): Promise<T> => {
  const requestHash = sha256(fingerprintOf(fingerprint));
  return retryCompareAndSwap(async () => {
    const target = await findTarget();
    await allow(target);
    const { earlier } = target;
    if (earlier !== null) {
      if (earlier.requestHash !== requestHash) throw keyReused();
      return completeAnswer(earlier.body, make(target)) as T;
    }
    const made = make(target);
    const remembered = key === undefined ? null : { key, requestHash, body: made };
    return (await insert(made, remembered, target)) ? made : undefined;
  });
};
