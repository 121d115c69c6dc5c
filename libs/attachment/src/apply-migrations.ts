import { setTimeout as delay } from 'node:timers/promises';
import type { MigrationCount } from '@guildhall/db';
import { isConnectionLost, migrateUp, pendingMigrations, type MigrationTarget } from '@guildhall/migrate';

export interface ApplyingParts {
  readonly target: MigrationTarget;
  /** How many migrations there are in all. */
  readonly expected: number;
  readonly onProgress: (count: MigrationCount) => void;
  /** Told of each try that failed; `fault` is null when the database could not be reached. */
  readonly onFailure: (fault: string | null, error: unknown) => void;
  /** Told once. */
  readonly onDone: () => void;
}

const retryMsFirst = 250;
const retryMsMax = 5_000;

const apply = async ({ target, expected, onProgress }: ApplyingParts, signal: AbortSignal): Promise<void> => {
  let pending = (await pendingMigrations(target)).length;
  const tell = (): void => {
    if (!signal.aborted) onProgress({ applied: expected - pending, pending });
  };
  tell();
  await migrateUp({
    ...target,
    onProgress: () => {
      pending -= 1;
      tell();
    },
  });
};

/**
 * Applies what is pending, trying again with growing pauses of at most five seconds until it is done or told to stop.
 * A run that is under way then ends by itself, unheard: the migrations' lease keeps it from doing harm.
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
