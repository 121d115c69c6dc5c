/** Settles as `promise` does, or rejects after `ms`. The work behind the promise is not cancelled; its later result is ignored. */
export const withTimeout = async <T>(promise: Promise<T>, ms: number, message: string): Promise<T> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${message} (after ${ms} ms)`)), ms);
  promise.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};
