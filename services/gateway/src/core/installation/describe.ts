import { serviceNames, type Installation, type InstallationRun, type ServiceName } from '@guildhall/contracts';
import { isOfEnvironment, publicDetail, type Availability, type StatusOf } from '../availability/availability.ts';
import { omitUndefined } from '@guildhall/resources';

/** The public description of the installation: its state is that of its worst service. Holds no address. */
export const describeInstallation = (
  statusOf: StatusOf,
  { hasRecord = false, run = null }: { readonly hasRecord?: boolean; readonly run?: InstallationRun | null } = {},
): Installation => {
  const statuses = serviceNames.map(statusOf);
  const state = worstOf(new Set(statuses.map(({ status }) => status)));
  const isByEnvironment =
    statuses.some(({ source }) => source === 'environment') ||
    (state !== 'not_configured' && !hasRecord && statuses.some(isOfEnvironment));
  return {
    state,
    source: isByEnvironment ? 'environment' : hasRecord ? 'installation' : null,
    services: serviceNames.map((service) => describeService(service, statusOf(service))),
    run,
  };
};

const worstOf = (statuses: ReadonlySet<Availability['status']>): Installation['state'] => {
  if (statuses.has('not_configured')) return 'not_configured';
  if (statuses.has('unavailable') || statuses.has('unreachable')) return 'unavailable';
  return statuses.has('connecting') ? 'connecting' : 'ready';
};

const describeService = (
  service: ServiceName,
  { status, detail, migrations }: Availability,
): Installation['services'][number] => ({
  service,
  status,
  ...omitUndefined({ detail: publicDetail(status, detail) }),
  migrations: migrations ?? null,
});
