import { randomUUID } from 'node:crypto';
import type { Connection } from '@guildhall/db';
import type { Logger, Metrics } from '@guildhall/http';
import { Counter, Gauge } from 'prom-client';
import { createForwardWebhook } from '../clients/forward-webhook.ts';
import type { Faults } from '../core/faults.ts';
import { createForwarder, type ForwardConfig, type ForwardLag } from '../core/forward/forward-events.ts';
import { createCheckedReader, type CheckEntry } from '../core/log/integrity.ts';
import { startForwardingEvents } from '../jobs/forward-events.ts';
import { createForwardCursor } from '../store/forward-cursor.ts';
import { createLogReader } from '../store/log-reader.ts';

export interface ForwardingParts {
  /** Null: events are not forwarded, a normal state. */
  readonly config: ForwardConfig | null;
  readonly connection: Connection;
  readonly isReady: () => boolean;
  readonly checkEntry: CheckEntry;
  readonly faults: Faults;
  readonly metrics: Metrics;
  readonly now: () => Date;
  readonly log: Logger;
}

const monotonicMs = (): number => performance.now();

/** The time-out of one delivery; the lease lasts longer. */
const timeoutMs = 10_000;

const createForwardMetrics = ({ registry }: Metrics) => {
  const registers = [registry];
  const lagEvents = new Gauge({ name: 'audit_forward_lag_events', help: 'Events that the receiver has not taken.', registers });
  const lagSeconds = new Gauge({ name: 'audit_forward_lag_seconds', help: 'Age of the oldest of them.', registers });
  const taken = new Counter({ name: 'audit_forward_batches_total', help: 'Batches that the receiver took.', registers });
  const gone = new Gauge({ name: 'audit_forward_gone', help: '1 while the receiver answers 410 Gone.', registers });
  const failures = new Counter({ name: 'audit_forward_failures_total', help: 'Deliveries that failed.', registers });
  return {
    onLag: ({ events, seconds }: ForwardLag) => {
      lagEvents.set(events);
      lagSeconds.set(seconds);
    },
    onTaken: () => taken.inc(),
    onFailure: () => failures.inc(),
    onGone: (isGone: boolean) => gone.set(Number(isGone)),
  };
};

/** Forwards every event to an external receiver, if one is configured. */
export const startForwarding = (parts: ForwardingParts): { stop(): Promise<void> } => {
  const { config, connection, isReady, faults, now, log } = parts;
  if (config === null) return { stop: async () => undefined };
  const metrics = createForwardMetrics(parts.metrics);
  const cursor = createForwardCursor(connection, config.name, randomUUID());
  const receiver = createForwardWebhook({ url: config.url, secret: config.secret, timeoutMs, now });
  const forwarder = createForwarder({
    cursor,
    log: createCheckedReader(createLogReader(connection), parts.checkEntry),
    receiver,
    ...metrics,
  });
  log.info({ receiver: new URL(config.url).origin, name: config.name }, 'the audit trail is forwarded');
  const { abort } = receiver;
  const { onFailure, onGone } = metrics;
  const onState = (reason: string | null): void =>
    reason === null ? faults.clear('forwarding') : faults.raise('forwarding', reason);
  return startForwardingEvents({ forwarder, abort, isReady, onFailure, onGone, onState, random: Math.random, monotonicMs, log });
};
