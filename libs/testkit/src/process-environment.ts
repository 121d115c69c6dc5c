const passedOn = ['PATH', 'NODE_COMPILE_CACHE'] as const;

/**
 * The part of this process's environment that a process started by a test needs: where programs are, and the compiled code
 * of earlier runs (half of what a start costs). Nothing else reaches it.
 */
export const processEnvironment = (): Record<string, string> =>
  Object.fromEntries(passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
