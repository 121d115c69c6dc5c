import type { Metrics } from '@guildhall/http';
import { Counter } from 'prom-client';

export interface EventCounters {
  readonly received: (count: number) => void;
  /** The number of events received since the process started. */
  readonly receivedSoFar: () => number;
  readonly stored: (count: number) => void;
  readonly rejected: () => void;
  readonly unverified: () => void;
  readonly altered: (count: number) => void;
  /** Called for each event that was read and is not what its leaf hash was made of. */
  readonly alteredRead: () => void;
}

/** Counters of the events that reached this process, at /metrics. */
export const createEventCounters = ({ registry }: Metrics): EventCounters => {
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers: [registry] });
  const received = counter('audit_events_received_total', 'Deliveries taken from the queue, repeated ones included.');
  const stored = counter('audit_events_stored_total', 'Events stored, each counted once.');
  const rejected = counter('audit_events_rejected_total', 'Dead letters: deliveries that cannot be stored as events.');
  const unverified = counter(
    'audit_events_unverified_total',
    'Deliveries that no writer of events has signed: forged or altered.',
  );
  const altered = counter(
    'audit_events_altered_total',
    'Times that another event was found stored than its service had written.',
  );
  const alteredReads = counter(
    'audit_altered_reads_total',
    'Events that were read, and were not what their leaf hashes were made of.',
  );
  let receivedSoFar = 0;
  return {
    received: (count) => {
      receivedSoFar += count;
      received.inc(count);
    },
    receivedSoFar: () => receivedSoFar,
    stored: (count) => stored.inc(count),
    rejected: () => rejected.inc(),
    unverified: () => unverified.inc(),
    altered: (count) => altered.inc(count),
    alteredRead: () => alteredReads.inc(),
  };
};
