import { createHash } from 'node:crypto';
import type { Connection } from '@guildhall/db';
import type { Logger } from '@guildhall/http';
import type { AuditEvents } from '../core/trail/audit-events.ts';
import { createReviewRejected, type ReviewRejected } from '../core/rejected/review-rejected.ts';
import { createSetAside, createTakeEvents, type SetAside, type TakeEvents } from '../core/trail/take-events.ts';
import { createRejectedEvents, createRejectedReview } from '../store/rejected-events.ts';
import type { EventCounters } from './event-counters.ts';
import { faultOfEvent } from './event-fault.ts';

export interface TakingParts {
  readonly connection: Connection;
  readonly events: Pick<AuditEvents, 'record'>;
  readonly counters: EventCounters;
  readonly now: () => Date;
  readonly log: Logger;
}

export interface Taking {
  readonly setAside: SetAside;
  readonly takeEvents: TakeEvents;
  readonly reviewRejected: ReviewRejected;
}

/** The same UUID for the same text. */
const idOfText = (text: string): string =>
  createHash('sha256')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

/** Taking events in, counted, with what cannot be stored set aside. */
export const createTaking = (parts: TakingParts): Taking => {
  const { connection, events, counters, now, log } = parts;
  const onRejected = (eventId: string, reason: string): void => {
    counters.rejected();
    log.error({ eventId, reason }, 'an event cannot be stored: it is set aside in rejected_events');
  };
  const setAside = createSetAside({ rejected: createRejectedEvents(connection), idOfText, now, onRejected });
  return {
    setAside,
    takeEvents: createTakeEvents({ events, setAside, now, onStored: counters.stored }),
    reviewRejected: createReviewRejected({ rejected: createRejectedReview(connection), events, faultOf: faultOfEvent, now }),
  };
};
