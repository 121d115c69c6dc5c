import type { ServiceName } from '@guildhall/contracts';
import type { Logger } from '@guildhall/http';
import { createLaneClient, type LaneClient } from '@guildhall/lane';
import { serviceHeader, type InternalSigner } from '@guildhall/principal';
import { forwardLimits } from '../clients/proxy/forwarder.ts';

/** The time that a connection to a service may take to open. */
export const connectTimeoutMs = 1_000;

/** The lanes to the services. Each connection is opened with this process's own credential. */
export const lanesTo = (
  services: Readonly<Record<ServiceName, string>>,
  signer: InternalSigner,
  log: Logger,
): Record<ServiceName, LaneClient> => {
  const laneTo = (service: ServiceName): LaneClient =>
    createLaneClient({
      baseUrl: services[service],
      credentials: async () => ({ [serviceHeader]: await signer.signService(service) }),
      connectTimeoutMs,
      callTimeoutMs: forwardLimits.headersTimeoutMs,
      onUnavailable: (error) =>
        log.info({ of: service, reason: String(error) }, 'the lane cannot be opened: requests go by HTTP'),
    });
  return { auth: laneTo('auth'), 'team-resources': laneTo('team-resources'), audit: laneTo('audit') };
};
