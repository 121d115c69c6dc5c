import type { Logger } from '@guildhall/http';
import { sha256 } from '../clients/sha256.ts';
import { createCheckEntry, type CheckEntry } from '../core/log/integrity.ts';
import type { AlteredEntry } from '../core/log/log-reader.ts';
import type { EventCounters } from './event-counters.ts';

/** The number of altered events that are remembered, so that each is logged once and not at every read. */
const loggedMax = 1_000;

/** The check of events that are read: an altered one is counted at each read, and logged at level error once, unless an operator has acknowledged it. */
export const createReadCheck = (
  counters: Pick<EventCounters, 'alteredRead'>,
  isAcknowledged: (entry: AlteredEntry) => boolean,
  log: Logger,
): CheckEntry => {
  const logged = new Set<number>();
  return createCheckEntry({
    sha256,
    onAltered: (entry) => {
      if (isAcknowledged(entry)) return;
      const {
        leafIndex,
        altered: { id },
      } = entry;
      counters.alteredRead();
      if (logged.has(leafIndex) || logged.size >= loggedMax) return;
      logged.add(leafIndex);
      log.error({ leafIndex, id }, 'an audit event is not what its leaf hash was made of: it was altered in the database');
    },
  });
};
