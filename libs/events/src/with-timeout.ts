import { within } from '@guildhall/repeat';

/** Settles as `promise` does, or rejects after `ms`. The work behind the promise is not cancelled; its later result is ignored. */
export const withTimeout = <T>(promise: Promise<T>, ms: number, message: string): Promise<T> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  return within(ms, Promise.race([promise, late]), () => reject(new Error(`${message} (after ${ms} ms)`)));
};
