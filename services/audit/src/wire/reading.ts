import { randomUUID } from 'node:crypto';
import { countedDaysMax, countedEventsMax } from '@guildhall/contracts';
import type { SharedDatabase } from '@guildhall/db';
import type { Logger } from '@guildhall/http';
import { createCountEvents } from '../core/trail/count-events.ts';
import { createExportAudit } from '../core/trail/export-events.ts';
import { createFollowAudit } from '../core/trail/follow-events.ts';
import type { TakeEvents } from '../core/trail/take-events.ts';
import { createExportStreams } from '../streams/export-streams.ts';
import { createLiveTail } from '../streams/live-tail.ts';
import type { ReadingRouteParts } from '../routes/reading.ts';
import { createEventCounts } from '../store/event-counts.ts';
import { createLogReader } from '../store/log-reader.ts';

export interface ReadingParts {
  readonly database: Pick<SharedDatabase, 'connection' | 'onChange'>;
  readonly isReady: () => boolean;
  readonly takeEvents: TakeEvents;
  readonly now: () => Date;
  readonly logger: Logger;
}

const countLimits = { daysMax: countedDaysMax, eventsMax: countedEventsMax };

/** Counting, exporting and following the audit trail. */
export const createReading = (parts: ReadingParts): ReadingRouteParts => {
  const { database, isReady, takeEvents, now, logger } = parts;
  const { connection } = database;
  const log = createLogReader(connection);
  const exportStreams = createExportStreams();
  const liveTail = createLiveTail({ log, isReady, monotonicMs: () => performance.now(), logger });
  const stopListening = database.onChange(({ status }) => {
    // While it is away, streams wait. It is given another address: what is there is another log, or none.
    if (status !== 'connecting' && status !== 'not_configured') return;
    exportStreams.breakOff('the service was given another database');
    liveTail.startAnew();
  });
  return {
    countEvents: createCountEvents(createEventCounts(connection), countLimits),
    exportAudit: createExportAudit({ log, takeEvents, newId: randomUUID, now }),
    exportStreams,
    followAudit: createFollowAudit(liveTail),
    endStreams: async () => {
      stopListening();
      exportStreams.breakOff('the service is closing');
      await liveTail.end();
    },
  };
};
