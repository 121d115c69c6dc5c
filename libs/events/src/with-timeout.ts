/** The promise's outcome, or a rejection once `ms` have passed. What it waits for goes on, unheard. */
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
