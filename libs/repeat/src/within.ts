/**
 * Calls `call` after `timeoutMs`, once what has arrived while the event loop was busy has been read: a busy process does not count as a
 * silent server, nor as one without a free place.
 */
export const afterReading = (timeoutMs: number, call: () => void): NodeJS.Timeout =>
  setTimeout(() => setImmediate(() => setImmediate(call)), timeoutMs);

/** Settles as `work` does, and calls `onTimeout` unless it has settled within `timeoutMs`, as `afterReading` counts them. */
export const within = async <T>(timeoutMs: number, work: Promise<T>, onTimeout: () => void): Promise<T> => {
  let isDone = false;
  const timer = afterReading(timeoutMs, () => isDone || onTimeout());
  try {
    return await work;
  } finally {
    isDone = true;
    clearTimeout(timer);
  }
};

/** Runs `work` with a signal that `within` aborts after `timeoutMs`, with a TimeoutError. */
export const withTimeLimit = <T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const controller = new AbortController();
  const onTimeout = (): void => controller.abort(new DOMException(`There was no answer within ${timeoutMs} ms.`, 'TimeoutError'));
  return within(timeoutMs, work(controller.signal), onTimeout);
};
