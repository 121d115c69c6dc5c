import { logFaultsMax } from '@guildhall/contracts';
import type { SharedDatabase } from '@guildhall/db';
import type { Logger, Metrics } from '@guildhall/http';
import { Gauge } from 'prom-client';
import { isSignedBy } from '@guildhall/tlog';
import { createAcknowledgementSeals, verifyEd25519 } from '../clients/log-signer.ts';
import { sha256 } from '../clients/sha256.ts';
import type { AuditConfig } from '../config.ts';
import { isOutage, type Faults } from '../core/faults.ts';
import { createReadAcknowledged, type AcknowledgementSeals } from '../core/log/acknowledgements.ts';
import { holdsLeafHash } from '../core/log/integrity.ts';
import type { AlteredEntry } from '../core/log/log-reader.ts';
import type { CheckedLog } from '../core/log/repair.ts';
import { walkLog, type Walked } from '../core/log/walk.ts';
import { isAmong, shownFault, type WalkFault } from '../core/log/walk-faults.ts';
import type { LastWalk } from '../core/trail/status.ts';
import { startWalkingLog, type WalkLogParts } from '../jobs/walk-log.ts';
import { createCheckpoints } from '../store/checkpoints.ts';
import { createLogReader } from '../store/log-reader.ts';
import { createLogTiles } from '../store/log-tiles.ts';
import { createRemovableEvents } from '../store/retention.ts';
import { findOutsideRows } from '../store/outside-rows.ts';

export interface WalkingParts {
  readonly config: Pick<AuditConfig, 'checkLeavesPerSecond' | 'checkEverySeconds' | 'encryptionKey'>;
  readonly database: SharedDatabase;
  readonly isReady: () => boolean;
  readonly faults: Faults;
  readonly metrics: Metrics;
  readonly now: () => Date;
  readonly log: Logger;
}

export interface Walking extends CheckedLog {
  /** The last walk that went over everything; null before the first. */
  lastWalk(): LastWalk | null;
  /** True for an altered event as the last walk found it that an operator has acknowledged. */
  isAcknowledged(entry: AlteredEntry): boolean;
  /** False while something is wrong with the log, also where it is acknowledged. */
  isLogWhole(): boolean;
  stop(): Promise<void>;
}

type FinishedWalk = Walked & { readonly finishedAt: string };

const createWalkGauges = ({ registry }: Metrics) => {
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
  return {
    finishedAt: gauge('audit_check_finished_timestamp_seconds', 'When the last check of the whole log ended, in Unix time.'),
    leaves: gauge('audit_check_leaves', 'The number of leaves that it went over.'),
    faults: gauge('audit_check_faults', `The number of faults that it found, at most ${logFaultsMax}.`),
    acknowledged: gauge(
      'audit_check_acknowledged',
      `The number of faults that it found as well and an operator has acknowledged, at most ${logFaultsMax}.`,
    ),
  };
};

const reasonOf = ([first, ...others]: readonly WalkFault[]): string =>
  `${first?.kind}: ${first?.detail}${others.length === 0 ? '' : ` And ${others.length} more.`}`;

const lastWalkOf = ({ finishedAt, size, faults, acknowledged }: FinishedWalk): LastWalk => ({
  finishedAt,
  size,
  faults: faults.map(shownFault),
  acknowledged: acknowledged.map(shownFault),
});

/** One walk over the log as it is stored. */
const createWalk = ({ connection }: Pick<SharedDatabase, 'connection'>, seals: AcknowledgementSeals): WalkLogParts['walk'] => {
  const checkpoints = createCheckpoints(connection);
  const [reader, tiles, events] = [createLogReader(connection), createLogTiles(connection), createRemovableEvents(connection)];
  const acknowledged = createReadAcknowledged({
    repairs: (before, limit) => events.tellings('audit.repair', before, limit),
    isGenuine: (entry) => holdsLeafHash(sha256, entry),
    seals,
  });
  const isSigned = async (note: string): Promise<boolean> => {
    const key = await checkpoints.key();
    return key !== null && isSignedBy(sha256, verifyEd25519, key, note);
  };
  const log = { moment: checkpoints.standing, outside: () => findOutsideRows(connection) };
  return (pace, onFault) => walkLog({ log, reader, tiles, sha256, isSigned, acknowledged, pace }, onFault);
};

/** The background check of the whole log: every event against its leaf hash, all leaf hashes against what was signed. */
export const startWalking = ({ config, database, isReady, faults, metrics, now, log }: WalkingParts): Walking => {
  const gauges = createWalkGauges(metrics);
  const seals = createAcknowledgementSeals(config.encryptionKey);
  let last: FinishedWalk | null = null;
  const onWalked = (walked: Walked): void => {
    const { size, faults: found } = walked;
    last = { ...walked, finishedAt: now().toISOString() };
    gauges.finishedAt.set(now().getTime() / 1_000);
    gauges.leaves.set(size);
    gauges.faults.set(found.length);
    gauges.acknowledged.set(walked.acknowledged.length);
    if (found.length === 0) {
      faults.clear('integrity');
      faults.clear('proving');
    } else faults.raise('integrity', reasonOf(found));
  };
  const walking = startWalkingLog({
    walk: createWalk(database, seals),
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
    lastWalk: () => (last === null ? null : lastWalkOf(last)),
    lastFound: () => last,
    seals,
    checkAgain: walking.wake,
    isAcknowledged: (entry) => isAmong(sha256, last?.acknowledged ?? [], entry),
    isLogWhole: () => !faults.isStanding('integrity') && (last === null || last.acknowledged.length === 0),
    stop: async () => {
      stopListening();
      await walking.stop();
    },
  };
};
