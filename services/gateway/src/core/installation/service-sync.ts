import { serviceNames, type ServiceName } from '@guildhall/contracts';
import type { Availability, StatusOf } from '../availability/availability.ts';
import type { Configuration, InstallationLog, InstallationServices } from './parts.ts';

/**
 * The call that removes a service's configuration drift: null while the service is in sync, unreachable or configured by its
 * environment. `expectedId` is the configuration it should use, null for none.
 */
export const driftOf = (expectedId: string | null, status: Availability): 'connect' | 'disconnect' | null => {
  if (status.status === 'unreachable' || status.source === undefined || status.source === 'environment') return null;
  const actualId = status.configurationId ?? null;
  if (actualId === expectedId) return null;
  return expectedId === null ? 'disconnect' : 'connect';
};

export interface ServiceSyncParts {
  readonly services: InstallationServices;
  readonly statusOf: StatusOf;
  readonly refresh: (service: ServiceName) => void;
  readonly log: InstallationLog;
}

/** Keeps the services at the configuration that this gateway holds. Never throws: a failed push is repeated later. */
export interface ServiceSync {
  /** Sends every service the configuration, or with null disconnects it. */
  pushAll(configuration: Configuration | null): Promise<void>;
  /** Reconciles: pushes to every service that has drifted. An expected configuration that is not at hand is not pushed. */
  reconcile(expectedId: string | null, configuration: Configuration | null): Promise<void>;
}

export const createServiceSync = ({ services, statusOf, refresh, log }: ServiceSyncParts): ServiceSync => {
  /** The last line logged for each service, so that repeating a push logs one line. */
  const logged = new Map<ServiceName, string>();
  const logOnce = (service: ServiceName, line: string, write: () => void): void => {
    if (logged.get(service) !== line) write();
    logged.set(service, line);
  };
  const push = async (service: ServiceName, configuration: Configuration | null): Promise<void> => {
    const configurationId = configuration?.configurationId ?? null;
    try {
      await (configuration === null ? services.disconnect(service) : services.connect(service, configuration));
      logOnce(service, `${configurationId} pushed`, () => log.info({ of: service, configurationId }, pushed(configuration)));
    } catch (error) {
      logOnce(service, `${configurationId} failed`, () => log.warn({ err: error, of: service }, notPushed(configuration)));
    }
    refresh(service);
  };
  return {
    pushAll: async (configuration) => void (await Promise.all(serviceNames.map((service) => push(service, configuration)))),
    reconcile: async (expectedId, configuration) => {
      await Promise.all(
        serviceNames.map(async (service) => {
          const drift = driftOf(expectedId, statusOf(service));
          if (drift === null) logged.delete(service);
          else if (drift === 'disconnect' || configuration !== null) await push(service, configuration);
        }),
      );
    },
  };
};

const pushed = (configuration: Configuration | null): string =>
  configuration === null ? 'service disconnected from the shared database' : 'shared database configuration sent to the service';

const notPushed = (configuration: Configuration | null): string =>
  configuration === null
    ? 'the service could not be disconnected from the shared database; retrying'
    : 'the shared database configuration could not be sent to the service; retrying';
