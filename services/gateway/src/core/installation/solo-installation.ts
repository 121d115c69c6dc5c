import { serviceNames } from '@guildhall/contracts';
import { effectiveStatus, isOfEnvironment } from '../availability/availability.ts';
import { describeInstallation } from './describe.ts';
import type { InstallationControl } from './installation.ts';
import type { InstallationParts } from './parts.ts';
import { noServices } from './refusals.ts';

const refuse = async (): Promise<never> => {
  throw noServices();
};

/** The installation of a gateway without services: it works solo, and nothing can be connected. */
export const createSoloInstallation = ({ statusOf, setup }: InstallationParts): InstallationControl => ({
  requireServices() {
    throw noServices();
  },
  test: refuse,
  configure: refuse,
  disconnect: refuse,
  initializeOnStartup: () => setup.close(),
  state: () => describeInstallation(statusOf),
  availabilityOf: (service) => effectiveStatus(null, statusOf(service)),
  isConfigured: () => serviceNames.some((service) => isOfEnvironment(statusOf(service))),
  follow: () => () => {},
  reconcile: async () => {},
  close: async () => {},
});
