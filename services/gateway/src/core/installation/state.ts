import { serviceNames, type Installation, type InstallationRun, type ServiceName } from '@guildhall/contracts';
import { isOfEnvironment, type Availability } from '../availability/availability.ts';

/** The state of the whole installation: as good as its worst service. Tells no address. */
export const installationOf = (
  availabilityOf: (service: ServiceName) => Availability,
  { isHeld = false, run = null }: { readonly isHeld?: boolean; readonly run?: InstallationRun | null } = {},
): Installation => {
  const looks = serviceNames.map((service) => availabilityOf(service));
  const state = stateOf(new Set(looks.map(({ status }) => status)));
  const isByEnvironment =
    looks.some(({ source }) => source === 'environment') ||
    (state !== 'not_configured' && !isHeld && looks.some(isOfEnvironment));
  return {
    state,
    source: isByEnvironment ? 'environment' : isHeld ? 'installation' : null,
    services: serviceNames.map((service) => serviceOf(service, availabilityOf(service))),
    run,
  };
};

const stateOf = (statuses: ReadonlySet<Availability['status']>): Installation['state'] => {
  if (statuses.has('not_configured')) return 'not_configured';
  if (statuses.has('unavailable') || statuses.has('unreachable')) return 'unavailable';
  return statuses.has('connecting') ? 'connecting' : 'ready';
};

const serviceOf = (service: ServiceName, { status, detail, migrations }: Availability): Installation['services'][number] => ({
  service,
  status,
  ...detailOf(status, detail),
  migrations: migrations ?? null,
});

const detailOf = (status: Availability['status'], detail: string | undefined): { detail?: string } => {
  if (status === 'unreachable') return { detail: 'it does not answer' };
  return status === 'ready' || status === 'not_configured' || detail === undefined ? {} : { detail };
};
