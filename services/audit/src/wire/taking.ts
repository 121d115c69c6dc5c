import { createHash } from 'node:crypto';
import type { Connection } from '@guildhall/db';
import type { Logger } from '@guildhall/http';
import type { AuditEvents } from '../core/trail/audit-events.ts';
import { createReviewRejected, type ReviewRejected } from '../core/rejected/review-rejected.ts';
import { createRejectEvent, createTakeEvents, type RejectEvent, type TakeEvents } from '../core/trail/take-events.ts';
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
  readonly rejectEvent: RejectEvent;
  readonly takeEvents: TakeEvents;
  readonly reviewRejected: ReviewRejected;
}

/** Derives a UUID from a text, always the same one. */
const idOfText = (text: string): string =>
  createHash('sha256')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

/** Stores incoming events and counts them; an event that cannot be stored becomes a dead letter. */
export const createTaking = (parts: TakingParts): Taking => {
  const { connection, events, counters, now, log } = parts;
  const onRejected = (eventId: string, reason: string): void => {
    counters.rejected();
    log.error({ eventId, reason }, 'an event cannot be stored; it is a dead letter in rejected_events');
  };
  const rejectEvent = createRejectEvent({ rejected: createRejectedEvents(connection), idOfText, now, onRejected });
  return {
    rejectEvent,
    takeEvents: createTakeEvents({ events, rejectEvent, now, onStored: counters.stored }),
    reviewRejected: createReviewRejected({ rejected: createRejectedReview(connection), events, faultOf: faultOfEvent, now }),
  };
};
