import { countedDaysMax, countedEventsMax } from '@guildhall/contracts';
import type { SharedDatabase } from '@guildhall/db';
import type { Logger } from '@guildhall/http';
import type { ContextParts } from '@guildhall/resources';
import type { Faults } from '../core/faults.ts';
import { createCheckedReader, type CheckEntry } from '../core/log/integrity.ts';
import { createCountEvents } from '../core/trail/count-events.ts';
import { createExportAudit } from '../core/trail/export-events.ts';
import { createFollowEvents } from '../core/trail/follow-events.ts';
import type { TakeEvents } from '../core/trail/take-events.ts';
import { createExportStreams } from '../streams/export-streams.ts';
import { createLiveTail } from '../streams/live-tail.ts';
import type { ReadingRouteParts } from '../routes/reading.ts';
import { createEventCounts } from '../store/event-counts.ts';
import { createLogReader } from '../store/log-reader.ts';

export interface ReadingParts {
  readonly database: Pick<SharedDatabase, 'connection' | 'onChange'>;
  readonly isReady: () => boolean;
  readonly checkEntry: CheckEntry;
  readonly faults: Faults;
  readonly takeEvents: TakeEvents;
  readonly logger: Logger;
}

const countLimits = { daysMax: countedDaysMax, eventsMax: countedEventsMax };

const monotonicMs = (): number => performance.now();

/** Counting, exporting and following the audit trail. */
export const createReading = (parts: ReadingParts): Omit<ReadingRouteParts, keyof ContextParts> => {
  const { database, isReady, takeEvents, logger } = parts;
  const { connection } = database;
  const log = createCheckedReader(createLogReader(connection), parts.checkEntry);
  const exportStreams = createExportStreams({ monotonicMs });
  const liveTail = createLiveTail({ log, isReady, faults: parts.faults, monotonicMs, logger });
  const stopListening = database.onChange(({ status }) => {
    // While the database is away, streams wait. With another address there is another log, or none.
    if (status !== 'connecting' && status !== 'not_configured') return;
    exportStreams.abort('the service was given another database');
    liveTail.restart();
  });
  return {
    countEvents: createCountEvents(createEventCounts(connection), countLimits),
    exportAudit: createExportAudit({ log, takeEvents, faults: parts.faults }),
    exportStreams,
    followEvents: createFollowEvents(liveTail),
    endStreams: async () => {
      stopListening();
      exportStreams.abort('the service is closing');
      await liveTail.close();
    },
  };
};
