import type { Logger } from '@guildhall/http';
import { repeat } from '@guildhall/repeat';
import type { LogStanding, SignCheckpoint } from '../core/log/checkpoints.ts';

export interface SignCheckpointsParts {
  readonly signCheckpoint: SignCheckpoint;
  /** False while the database is away: the job waits. */
  readonly isReady: () => boolean;
  readonly onStanding: (standing: LogStanding) => void;
  readonly log: Logger;
}

const everyMs = 1_000;

/** Signs a checkpoint when the log has grown, at most one a second, until stopped. */
export const startSigningCheckpoints = (parts: SignCheckpointsParts): { stop(): Promise<void> } => {
  const { signCheckpoint, isReady, onStanding, log } = parts;
  return repeat({
    everyMs,
    task: async () => {
      if (isReady()) onStanding(await signCheckpoint());
    },
    onError: (error) => log.error({ err: error }, 'the audit log could not be signed; retrying'),
    onRecovered: () => log.info('the audit log is signed again'),
  });
};
