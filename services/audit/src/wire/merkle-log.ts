import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SharedDatabase } from '@guildhall/db';
import type { Logger, Metrics } from '@guildhall/http';
import { createLogSigner } from '../clients/log-signer.ts';
import { sha256 } from '../clients/sha256.ts';
import { createSignCheckpoint } from '../core/log/checkpoints.ts';
import { createKnownNodes } from '../core/log/node-cache.ts';
import { createLogProofs } from '../core/log/proofs.ts';
import { createSequencer, type Sequencer } from '../core/log/sequence.ts';
import { createServeLog } from '../core/log/serve.ts';
import { startSequencingStored } from '../jobs/sequence-stored.ts';
import { startSigningCheckpoints } from '../jobs/sign-checkpoints.ts';
import type { LogRouteParts } from '../routes/log.ts';
import { createCheckpoints } from '../store/checkpoints.ts';
import { createLogTiles } from '../store/log-tiles.ts';
import { createSequencedLog } from '../store/sequenced-log.ts';
import { createLogGauges } from './log-gauges.ts';

export interface MerkleLogParts {
  readonly database: SharedDatabase;
  readonly isReady: () => boolean;
  readonly encryptionKey: Uint8Array;
  /** The name under which checkpoints are signed; null: a random one. */
  readonly logOrigin: string | null;
  readonly metrics: Metrics;
  readonly now: () => Date;
  readonly log: Logger;
}

export interface MerkleLog extends LogRouteParts {
  readonly sequencer: Sequencer;
  close(): Promise<void>;
}

/** Between two times of asking for a lease that another process holds: scattered, so that replicas do not ask in step. */
const pauseMs = 10;
const pause = (): Promise<void> => delay(pauseMs + Math.random() * 2 * pauseMs);

const newOrigin = (): string => `guildhall-audit/${randomUUID()}`;

/** The log that events go into, what is asked of it, and what works on it by itself. */
export const startMerkleLog = ({ database, isReady, encryptionKey, logOrigin, metrics, now, log }: MerkleLogParts): MerkleLog => {
  const checkpoints = createCheckpoints(database.connection);
  const tiles = createLogTiles(database.connection);
  const signer = createLogSigner(encryptionKey);

  const sequencer = createSequencer({ log: createSequencedLog(database, randomUUID()), sha256, pause });
  const sequencing = startSequencingStored({ sequencer, isReady, log });
  const signCheckpoint = createSignCheckpoint({ checkpoints, tiles, signer, sha256, origin: logOrigin, newOrigin });
  const onStanding = createLogGauges({ metrics, now, waiting: sequencer.waiting });
  const known = createKnownNodes();
  // It may come back as another database, with another log.
  const stopListening = database.onChange(() => known.clear());
  const signing = startSigningCheckpoints({ signCheckpoint, isReady, onStanding, log });
  return {
    sequencer,
    proofs: createLogProofs({ places: tiles, checkpoints, tiles, sha256, known }),
    serveLog: createServeLog({ checkpoints, tiles, entries: tiles, sha256 }),
    close: async () => {
      stopListening();
      await Promise.all([sequencing.stop(), signing.stop()]);
    },
  };
};
