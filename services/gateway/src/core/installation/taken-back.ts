import type { Held } from './held.ts';
import type { Configuration, InstallationParts } from './parts.ts';

export interface TakingBack extends Pick<InstallationParts, 'pause' | 'log'> {
  readonly held: Held;
  readonly signal: AbortSignal;
}

const tryEveryMs = 1_000;

/**
 * What there was before the run that failed, once that is written down: the disk may be full for a while. Undefined when
 * the gateway closes first: the run goes on at its next start.
 */
export const takenBack = async ({ held, pause, log, signal }: TakingBack): Promise<Configuration | null | undefined> => {
  for (let isNews = true; !signal.aborted; isNews = false) {
    try {
      return held.takeBack();
    } catch (error) {
      if (isNews) log.error({ err: error }, 'what was there before cannot be written down again; trying on');
    }
    await pause(tryEveryMs, signal);
  }
  return undefined;
};
