import type { Logger } from '@guildhall/http';
import { repeat, type Repeated } from '@guildhall/repeat';
import { tracedJob } from '@guildhall/tracing';
import { isOutage, type Faults } from '../core/faults.ts';
import { WitnessError, type LogStanding, type SignCheckpoint } from '../core/log/checkpoints.ts';

export interface SignCheckpointsParts {
  readonly signCheckpoint: SignCheckpoint;
  /** False while the database is away: the job waits. */
  readonly isReady: () => boolean;
  readonly onStanding: (standing: LogStanding) => void;
  readonly faults: Pick<Faults, 'raise' | 'clear'>;
  readonly log: Logger;
}

const everyMs = 1_000;
/** While the log does not grow. What this process stores is signed within a second all the same. */
const idleMaxMs = 4_000;

const reasonIn = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** False if there was nothing to sign, and nothing that will be. */
const isGrowing = ({ head, lastSigned, oldestUnsequencedAt }: LogStanding): boolean =>
  oldestUnsequencedAt !== null || head.size !== (lastSigned?.size ?? 0);

/** Signs a checkpoint when the log has grown, at most one a second, until stopped. */
export const startSigningCheckpoints = (parts: SignCheckpointsParts): Omit<Repeated, 'wake'> => {
  const { signCheckpoint, isReady, onStanding, faults, log } = parts;
  let signedSize: number | undefined;
  const hasSigned = ({ lastSigned }: LogStanding): boolean => {
    const isGrown = signedSize !== undefined && lastSigned?.size !== signedSize;
    signedSize = lastSigned?.size ?? 0;
    return isGrown;
  };
  return repeat({
    everyMs,
    idleMaxMs,
    task: async () => {
      if (!isReady()) return true;
      try {
        const standing = await tracedJob('sign checkpoint', signCheckpoint, hasSigned);
        onStanding(standing);
        faults.clear('signing');
        faults.clear('witness');
        return isGrowing(standing);
      } catch (error) {
        if (!isOutage(error)) faults.raise(error instanceof WitnessError ? 'witness' : 'signing', reasonIn(error));
        throw error;
      }
    },
    onError: (error) => log.error({ err: error }, 'the audit log could not be signed; retrying'),
    onRecovered: () => log.info('the audit log is signed again'),
  });
};
