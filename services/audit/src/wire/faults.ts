import { auditFaults } from '@guildhall/contracts';
import type { Logger, Metrics } from '@guildhall/http';
import { Gauge } from 'prom-client';
import { createFaults, type Faults } from '../core/faults.ts';

/** The faults of this process: a line at level error when one begins, and the gauge `audit_fault`. */
export const createReportedFaults = ({ registry }: Metrics, now: () => Date, log: Logger): Faults => {
  const gauge = new Gauge({
    name: 'audit_fault',
    help: '1 while this part of the audit trail stands still or does not hold; /readyz says why.',
    labelNames: ['name'],
    registers: [registry],
  });
  for (const name of auditFaults) gauge.set({ name }, 0);
  return createFaults({
    now,
    onRaised: ({ name, reason }) => {
      gauge.set({ name }, 1);
      log.error({ fault: name, reason }, `the audit trail is impaired: ${name}`);
    },
    onCleared: ({ name, since }) => {
      gauge.set({ name }, 0);
      log.info({ fault: name, since }, `the audit trail is whole again: ${name}`);
    },
  });
};
