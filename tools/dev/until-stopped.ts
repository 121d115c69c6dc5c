export interface Stopped {
  /** Aborts at the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  /** Resolves then, with its name. */
  readonly name: Promise<NodeJS.Signals>;
}

/**
 * Stops this process in order at the first SIGINT, SIGTERM or SIGHUP. A second Ctrl-C ends it at once; `make down`, or a
 * terminal that is closed, while it is stopping changes nothing.
 */
export const untilStopped = (): Stopped => {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  const stop = (signal: NodeJS.Signals): void => {
    controller.abort(new Error(`${signal}: stopped.`));
    resolve(signal);
  };
  let interrupts = 0;
  process.on('SIGINT', () => {
    interrupts += 1;
    if (interrupts > 1) process.exit(1);
    stop('SIGINT');
  });
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(signal));
  return { signal: controller.signal, name: promise };
};
