import { setTimeout as delay } from 'node:timers/promises';
import type { MigrationCount } from '@guildhall/db';
import { isConnectionLost, migrateUp, pendingMigrations, type MigrationTarget } from '@guildhall/migrate';

export interface ApplyingParts {
  readonly target: MigrationTarget;
  /** The number of all migrations of the service, applied or pending. */
  readonly expected: number;
  readonly onProgress: (count: MigrationCount) => void;
  /** Called for each attempt that failed; `fault` is null if the database could not be reached. */
  readonly onFailure: (fault: string | null, error: unknown) => void;
  /** Called once, when no migration is pending any more. */
  readonly onDone: () => void;
}

const retryMsFirst = 250;
const retryMsMax = 5_000;

const apply = async ({ target, expected, onProgress }: ApplyingParts, signal: AbortSignal): Promise<void> => {
  let pending = (await pendingMigrations(target)).length;
  const report = (): void => {
    if (!signal.aborted) onProgress({ applied: expected - pending, pending });
  };
  report();
  await migrateUp({
    ...target,
    onProgress: () => {
      pending -= 1;
      report();
    },
  });
};

/**
 * Applies the pending migrations in the background, and tries again with exponential backoff (0.25 to 5 seconds) until all
 * are applied or `stop` is called. After `stop` a run under way may still finish, but none of its results is reported; the
 * lease of the migrations keeps it from changing a schema that another holder migrates.
 */
export const startApplyingMigrations = (parts: ApplyingParts): { stop(): void } => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async (): Promise<void> => {
    for (let pauseMs = retryMsFirst; !signal.aborted; pauseMs = Math.min(retryMsMax, pauseMs * 2)) {
      try {
        await apply(parts, signal);
        if (!signal.aborted) parts.onDone();
        return;
      } catch (error) {
        if (signal.aborted) return;
        parts.onFailure(isConnectionLost(error) ? null : error instanceof Error ? error.message : String(error), error);
        await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
  };
  void run();
  return { stop: () => stopping.abort() };
};
