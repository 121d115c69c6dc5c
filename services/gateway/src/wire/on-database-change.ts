import type { ServiceName } from '@guildhall/contracts';
import type { AvailabilityMonitor } from '../clients/availability-monitor.ts';
import type { Availability } from '../core/availability/availability.ts';

/** A text that changes if the service's database comes, goes or is replaced. */
const databaseKeyOf = ({ status, configurationId }: Availability): string => `${status} ${configurationId ?? ''}`;

/** Calls when a service's database came, went or was replaced. */
export const onDatabaseChange = (monitor: AvailabilityMonitor, service: ServiceName, listener: () => void): void => {
  let last = databaseKeyOf(monitor.statusOf(service));
  monitor.onChange(() => {
    const next = databaseKeyOf(monitor.statusOf(service));
    if (next === last) return;
    last = next;
    listener();
  });
};
