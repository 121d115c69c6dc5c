import { serviceNames, type ServiceName } from '@guildhall/contracts';
import type { Metrics } from '@guildhall/http';
import { Gauge } from 'prom-client';
import type { Availability } from '../core/availability/availability.ts';

const states = ['not_configured', 'connecting', 'ready', 'unavailable', 'unreachable'] as const;

/** A gauge of the shared database's state as each service sees it: 1 for the current state, 0 for the others. */
export const measureAvailability = ({ registry }: Metrics, availabilityOf: (service: ServiceName) => Availability): void => {
  const gauge = new Gauge({
    name: 'guildhall_shared_database_state',
    help: 'Which state the shared database is in, as each service sees it.',
    labelNames: ['service', 'state'],
    registers: [registry],
    collect() {
      for (const service of serviceNames) {
        const { status } = availabilityOf(service);
        for (const state of states) gauge.set({ service, state }, state === status ? 1 : 0);
      }
    },
  });
};
