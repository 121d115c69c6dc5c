import type { SharedDatabase } from '@guildhall/db';
import type { Logger, Metrics } from '@guildhall/http';
import { Gauge } from 'prom-client';
import { isSignedBy } from '@guildhall/tlog';
import { verifyEd25519 } from '../clients/log-signer.ts';
import { sha256 } from '../clients/sha256.ts';
import type { AuditConfig } from '../config.ts';
import { isOutage, type Faults } from '../core/faults.ts';
import { walkFaultsMax, walkLog, type Walked, type WalkFault } from '../core/log/walk.ts';
import type { LastWalk } from '../core/trail/status.ts';
import { startWalkingLog } from '../jobs/walk-log.ts';
import { createCheckpoints } from '../store/checkpoints.ts';
import { createLogReader } from '../store/log-reader.ts';
import { createLogTiles } from '../store/log-tiles.ts';
import { findOutsideRows } from '../store/outside-rows.ts';

export interface WalkingParts {
  readonly config: Pick<AuditConfig, 'checkLeavesPerSecond' | 'checkEverySeconds'>;
  readonly database: SharedDatabase;
  readonly isReady: () => boolean;
  readonly faults: Faults;
  readonly metrics: Metrics;
  readonly now: () => Date;
  readonly log: Logger;
}

export interface Walking {
  /** The last walk that went over everything; null before the first. */
  lastWalk(): LastWalk | null;
  stop(): Promise<void>;
}

const createWalkGauges = ({ registry }: Metrics) => {
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
  return {
    finishedAt: gauge('audit_check_finished_timestamp_seconds', 'When the last check of the whole log ended, in Unix time.'),
    leaves: gauge('audit_check_leaves', 'The number of leaves that it went over.'),
    faults: gauge('audit_check_faults', `The number of faults that it found, at most ${walkFaultsMax}.`),
  };
};

const reasonOf = ([first, ...others]: readonly WalkFault[]): string =>
  `${first?.kind}: ${first?.detail}${others.length === 0 ? '' : ` And ${others.length} more.`}`;

/** The background check of the whole log: every event against its leaf hash, all leaf hashes against what was signed. */
export const startWalking = ({ config, database, isReady, faults, metrics, now, log }: WalkingParts): Walking => {
  const { connection } = database;
  const checkpoints = createCheckpoints(connection);
  const [reader, tiles, gauges] = [createLogReader(connection), createLogTiles(connection), createWalkGauges(metrics)];
  let last: LastWalk | null = null;
  const isSigned = async (note: string): Promise<boolean> => {
    const key = await checkpoints.key();
    return key !== null && isSignedBy(sha256, verifyEd25519, key, note);
  };
  const onWalked = ({ size, faults: found }: Walked): void => {
    last = { finishedAt: now().toISOString(), size, faults: [...found] };
    gauges.finishedAt.set(now().getTime() / 1_000);
    gauges.leaves.set(size);
    gauges.faults.set(found.length);
    if (found.length === 0) {
      faults.clear('integrity');
      faults.clear('proving');
    } else faults.raise('integrity', reasonOf(found));
  };
  const walking = startWalkingLog({
    walk: (pace, onFault) => {
      const logOf = { moment: checkpoints.standing, outside: () => findOutsideRows(connection) };
      return walkLog({ log: logOf, reader, tiles, sha256, isSigned, pace }, onFault);
    },
    leavesPerSecond: config.checkLeavesPerSecond,
    everyMs: config.checkEverySeconds * 1_000,
    isReady,
    // The first one at once; what the whole walk found replaces it.
    onFault: (fault) => {
      if (!faults.isStanding('integrity')) faults.raise('integrity', reasonOf([fault]));
    },
    onWalked,
    onFailed: (error) => {
      if (isOutage(error) || faults.isStanding('integrity')) return;
      const cause = error instanceof Error ? error.message : String(error);
      faults.raise('integrity', `unread: The log could not be checked from end to end: ${cause}`);
    },
    log,
  });
  const stopListening = database.onChange(({ status }) => {
    if (status === 'ready') walking.wake();
    if (status === 'connecting' || status === 'not_configured') last = null;
  });
  return {
    lastWalk: () => last,
    stop: async () => {
      stopListening();
      await walking.stop();
    },
  };
};
