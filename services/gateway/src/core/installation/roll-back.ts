import type { Configuration, InstallationParts } from './parts.ts';
import type { RecordHolder } from './record.ts';

export interface RollBackParts extends Pick<InstallationParts, 'pause' | 'log'> {
  readonly record: RecordHolder;
  /** The configuration from before the run; null if there was none. */
  readonly former: Configuration | null;
  readonly signal: AbortSignal;
}

const retryEveryMs = 1_000;

/**
 * The compensation of a failed run: restores the record from before it, retrying while the disk is full. False if the gateway closes first: the
 * run goes on at its next start.
 */
export const rollBack = async ({ record, former, pause, log, signal }: RollBackParts): Promise<boolean> => {
  for (let isFirstFailure = true; !signal.aborted; isFirstFailure = false) {
    try {
      if (former === null) record.clear();
      else record.replace({ phase: 'configured', configurationId: former.configurationId, addresses: former.addresses });
      return true;
    } catch (error) {
      if (isFirstFailure) log.error({ err: error }, 'the previous configuration cannot be restored; retrying every second');
    }
    await pause(retryEveryMs, signal);
  }
  return false;
};
