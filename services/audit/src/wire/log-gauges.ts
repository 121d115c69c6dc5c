import type { Metrics } from '@guildhall/http';
import { Gauge } from 'prom-client';
import type { LogStanding } from '../core/log/checkpoints.ts';

export interface LogGaugesParts {
  readonly metrics: Metrics;
  readonly now: () => Date;
  /** Events that wait in this process to be stored. */
  readonly waiting: () => number;
}

const secondsBetween = (earlier: string, later: Date): number => Math.max(0, (later.getTime() - Date.parse(earlier)) / 1_000);

/** Gauges of the log's progress at /metrics, updated once a second while the database is there. */
export const createLogGauges = ({ metrics: { registry }, now, waiting }: LogGaugesParts): ((standing: LogStanding) => void) => {
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
  const size = gauge('audit_log_size', 'Events in the Merkle log.');
  const unsequenced = gauge(
    'audit_log_unsequenced_seconds',
    'The age of the oldest unsequenced event, in seconds; 0 if there is none.',
  );
  const signedSize = gauge('audit_checkpoint_size', 'The size of the log that the last checkpoint signs.');
  const signedAt = gauge('audit_checkpoint_timestamp_seconds', 'When the last checkpoint was signed, in Unix time.');
  const held = gauge('audit_log_waiting_events', 'Events that this process holds and has not stored yet.');
  return ({ head, lastSigned, oldestUnsequencedAt }) => {
    held.set(waiting());
    size.set(head.size);
    unsequenced.set(oldestUnsequencedAt === null ? 0 : secondsBetween(oldestUnsequencedAt, now()));
    if (lastSigned === null) return;
    signedSize.set(lastSigned.size);
    signedAt.set(Date.parse(lastSigned.signedAt) / 1_000);
  };
};
