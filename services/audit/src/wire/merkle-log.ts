import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SharedDatabase } from '@guildhall/db';
import { isAppError } from '@guildhall/errors';
import type { Logger, Metrics } from '@guildhall/http';
import { createLogSigner, verifyEd25519 } from '../clients/log-signer.ts';
import { sha256 } from '../clients/sha256.ts';
import { createWitnesses } from '../clients/witnesses.ts';
import { createBeginLog, createSignCheckpoint, type WitnessAddress } from '../core/log/checkpoints.ts';
import { orFault, type Faults } from '../core/faults.ts';
import type { CheckEntry } from '../core/log/integrity.ts';
import { createAcceptTree, createIsSignedStill, type RepairParts } from '../core/log/repair.ts';
import { createSignedMemory } from '../core/log/signed-memory.ts';
import { createKnownNodes } from '../core/log/node-cache.ts';
import { createLogProofs } from '../core/log/proofs.ts';
import { createSequencer, type Sequencer } from '../core/log/sequence.ts';
import type { LogWriterParts } from '../core/log/write.ts';
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
  readonly checkEntry: CheckEntry;
  readonly faults: Faults;
  readonly encryptionKey: Uint8Array;
  /** The name under which checkpoints are signed; null: a random one. */
  readonly logOrigin: string | null;
  readonly witnesses: readonly WitnessAddress[];
  readonly metrics: Metrics;
  readonly now: () => Date;
  readonly log: Logger;
}

export interface MerkleLog extends LogRouteParts {
  readonly sequencer: Sequencer;
  readonly repair: Pick<RepairParts, 'checkpoints' | 'isSignedStill' | 'acceptTree' | 'forget'>;
  close(): Promise<void>;
}

/** Between two times of asking for a lease that another process holds: scattered, so that replicas do not ask in step. */
const pauseMs = 10;
const pause = (): Promise<void> => delay(pauseMs + Math.random() * 2 * pauseMs);

const newOrigin = (): string => `guildhall-audit/${randomUUID()}`;

/** Rows that were planted ahead of the log are set aside: that is said at once, and until the check of the whole log finds none. */
const onPlantedOf =
  ({ faults, log }: Pick<MerkleLogParts, 'faults' | 'log'>): LogWriterParts['onPlanted'] =>
  (planted) => {
    const [first] = planted;
    log.error({ planted }, 'rows that somebody planted ahead of the audit log were set aside: they are no events');
    faults.raise('integrity', `outside: ${planted.length} rows were planted ahead of the log, the event ${first?.id} first.`);
  };

/** Has `begin` done before anything is appended, once until `again`. */
const createBeginning = (begin: () => Promise<void>) => {
  let begun: Promise<void> | null = null;
  const again = (): void => void (begun = null);
  const beginOnce = (): Promise<void> =>
    (begun ??= begin().catch((error: unknown) => {
      again();
      throw error;
    }));
  return {
    again,
    begunFirst: (sequencer: Sequencer): Sequencer => ({
      ...sequencer,
      async record(...given) {
        await beginOnce();
        return sequencer.record(...given);
      },
      async sequenceStored() {
        await beginOnce();
        return sequencer.sequenceStored();
      },
    }),
  };
};

/** Calls `onStoring` when events are about to be stored. */
const announcing = (sequencer: Sequencer, onStoring: () => void): Sequencer => ({
  ...sequencer,
  record(...given) {
    onStoring();
    return sequencer.record(...given);
  },
});

/** Says that events cannot be stored, until some are. A refused event is no such fault, nor is a database that is away. */
const reportingFaults = (sequencer: Sequencer, faults: Faults): Sequencer => ({
  ...sequencer,
  async record(messages, recordedAt) {
    const refused: unknown[] = [];
    const stored = await orFault(faults, 'recording', () =>
      sequencer.record(messages, recordedAt).catch((error: unknown) => {
        if (!isAppError(error) || error.code !== 'UNPROCESSABLE') throw error;
        refused.push(error);
        return 0;
      }),
    );
    if (refused.length > 0) throw refused[0];
    return stored;
  },
});

/** The log that events go into, what is asked of it, and what works on it by itself. */
export const startMerkleLog = (parts: MerkleLogParts): MerkleLog => {
  const { database, isReady, checkEntry, faults, encryptionKey, logOrigin, metrics, now, log } = parts;
  const checkpoints = createCheckpoints(database.connection);
  const tiles = createLogTiles(database.connection);
  const signer = createLogSigner(encryptionKey);
  const [witnesses, memory] = [createWitnesses(parts.witnesses), createSignedMemory()];

  const known = createKnownNodes();
  const named = { checkpoints, signer, sha256, origin: logOrigin, newOrigin };
  const beginning = createBeginning(createBeginLog(named));
  const appending = { log: createSequencedLog(database, randomUUID()), sha256, pause, onPlanted: onPlantedOf(parts) };
  const sequencer = reportingFaults(beginning.begunFirst(createSequencer(appending)), faults);
  const sequencing = startSequencingStored({ sequencer, isReady, faults, log });
  const guarded = { tiles, sha256, witnesses, memory, verify: verifyEd25519 };
  const onAccepted = (): void => {
    known.clear();
    witnesses.forget();
    log.warn('the audit log was accepted as it is, by make audit-repair: this process goes on from there');
  };
  const sign = createSignCheckpoint({ ...guarded, ...named, onAccepted });
  /** A witness that refuses is asked again what it saw: it may have been told to accept the log. */
  const signCheckpoint: typeof sign = () =>
    sign().catch((error: unknown) => {
      witnesses.forget();
      throw error;
    });
  const forget = (): void => {
    known.clear();
    memory.forget();
    witnesses.forget();
  };
  const onStanding = createLogGauges({ metrics, now, waiting: sequencer.waiting });
  // It may come back as another database, with another log.
  const stopListening = database.onChange(({ status }) => {
    known.clear();
    if (status !== 'connecting' && status !== 'not_configured') return;
    forget();
    beginning.again();
  });
  const signing = startSigningCheckpoints({ signCheckpoint, isReady, onStanding, faults, log });
  const onBroken = ({ message }: Error): void => faults.raise('proving', message);
  const acceptTree = createAcceptTree({ ...named, now });
  return {
    sequencer: announcing(sequencer, signing.expectWork),
    repair: { checkpoints, isSignedStill: createIsSignedStill(guarded), acceptTree, forget },
    proofs: createLogProofs({ places: tiles, checkpoints, tiles, sha256, known, checkEntry, onBroken }),
    serveLog: createServeLog({ checkpoints, tiles, entries: tiles, sha256, checkEntry }),
    close: async () => {
      stopListening();
      await Promise.all([sequencing.stop(), signing.stop()]);
    },
  };
};
