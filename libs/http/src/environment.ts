/**
 * Reads settings and gathers everything that is missing or wrong, so that one start names it all.
 * `finish` throws an Error with one line a fault.
 */
export interface Settings {
  text(name: string): string;
  text(name: string, fallback: string): string;
  optional(name: string): string | null;
  integer(name: string, fallback: number, range: { readonly min: number; readonly max: number }): number;
  /** Runs a reader of its own and gathers what it throws; answers `fallback` then. */
  read<T>(reader: () => T, fallback: T): T;
  finish(): void;
}

export const readSettings = (env: NodeJS.ProcessEnv): Settings => {
  const faults: string[] = [];
  const given = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  return {
    text(name: string, fallback?: string): string {
      const value = given(name) ?? fallback;
      if (value === undefined) faults.push(`${name} is missing.`);
      return value ?? '';
    },
    optional: (name) => given(name) ?? null,
    integer(name, fallback, { min, max }) {
      const text = given(name) ?? String(fallback);
      const value = /^-?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
      if (!Number.isSafeInteger(value) || value < min || value > max)
        faults.push(`${name} must be a whole number from ${min} to ${max}.`);
      return value;
    },
    read(reader, fallback) {
      try {
        return reader();
      } catch (error) {
        faults.push(error instanceof Error ? error.message : String(error));
        return fallback;
      }
    },
    finish() {
      if (faults.length > 0) throw new Error(`The configuration is not complete:\n  ${faults.join('\n  ')}`);
    },
  };
};
