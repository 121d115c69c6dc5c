export interface Stopped {
  /** Aborts at the first SIGINT, SIGTERM or SIGHUP; a second one ends the process at once. */
  readonly signal: AbortSignal;
  /** Resolves then, with its name. */
  readonly name: Promise<NodeJS.Signals>;
}

export const untilStopped = (): Stopped => {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(1);
      controller.abort(new Error(`${signal}: stopped.`));
      resolve(signal);
    });
  }
  return { signal: controller.signal, name: promise };
};
