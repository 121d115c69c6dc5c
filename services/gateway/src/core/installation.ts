import { serviceNames, type Installation, type ServiceName } from '@guildhall/contracts';
import type { Availability } from './availability.ts';

/** The state of the whole installation: as good as its worst service. */
export const installationOf = (availabilityOf: (service: ServiceName) => Availability): Installation => {
  const services = serviceNames.map((service) => ({ service, status: availabilityOf(service).status, migrations: null }));
  const statuses = new Set(services.map(({ status }) => status));
  const state = statuses.has('not_configured')
    ? 'not_configured'
    : statuses.has('unavailable') || statuses.has('unreachable')
      ? 'unavailable'
      : statuses.has('connecting')
        ? 'connecting'
        : 'ready';
  return { state, source: state === 'not_configured' ? null : 'environment', services, run: null };
};
