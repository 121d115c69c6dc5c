import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SharedDatabase } from '@guildhall/db';
import type { Logger } from '@guildhall/http';
import { sha256 } from '../clients/sha256.ts';
import { createSequencer, type Sequencer } from '../core/sequence-events.ts';
import { startSequencingStored } from '../jobs/sequence-stored.ts';
import { createSequencedLog } from '../store/sequenced-log.ts';

export interface MerkleLogParts {
  readonly database: SharedDatabase;
  readonly isReady: () => boolean;
  readonly log: Logger;
}

export interface MerkleLog {
  readonly sequencer: Sequencer;
  close(): Promise<void>;
}

/** Between two times of asking for a lease that another process holds: scattered, so that replicas do not ask in step. */
const pauseMs = 10;
const pause = (): Promise<void> => delay(pauseMs + Math.random() * 2 * pauseMs);

/** The log that events go into, and what works on it by itself. */
export const startMerkleLog = ({ database, isReady, log }: MerkleLogParts): MerkleLog => {
  const sequencer = createSequencer({ log: createSequencedLog(database, randomUUID()), sha256, pause });
  const sequencing = startSequencingStored({ sequencer, isReady, log });
  return { sequencer, close: () => sequencing.stop() };
};
