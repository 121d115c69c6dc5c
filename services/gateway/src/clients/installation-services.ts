import { internalRoutes, serviceNames, type ServiceName } from '@guildhall/contracts';
import { answerOf, createInternalClient, type InternalClient } from '@guildhall/http';
import { createInternalSigner, type ServiceIdentity } from '@guildhall/principal';
import type { InstallationServices } from '../core/installation/parts.ts';
import { omitUndefined } from '@guildhall/resources';

export interface InstallationServiceClients extends InstallationServices {
  close(): Promise<void>;
}

/** Long enough for auth to hash the first owner's password behind other log-ins. */
const callTimeoutMs = 5_000;

const DatabaseAnswer = answerOf(internalRoutes.getDatabaseState.responses[200]);
const MadeOwner = answerOf(internalRoutes.makeFirstOwner.responses[200]);
const FoundOwner = answerOf(internalRoutes.findOwner.responses[200]);

export interface InstallationServiceClientsParts {
  readonly urls: Readonly<Record<ServiceName, string>>;
  readonly identity: ServiceIdentity;
}

/** HTTP clients of the internal routes by which the services are connected and the first owner is made. */
export const createInstallationServices = ({ urls, identity }: InstallationServiceClientsParts): InstallationServiceClients => {
  const signer = createInternalSigner({ identity, now: () => new Date() });
  const clientOf = (service: ServiceName): InternalClient =>
    createInternalClient({ baseUrl: urls[service], service, signer, timeoutMs: callTimeoutMs });
  const clients = { auth: clientOf('auth'), 'team-resources': clientOf('team-resources'), audit: clientOf('audit') };
  const database = (service: ServiceName, method: 'GET' | 'PUT' | 'DELETE', body?: unknown) =>
    clients[service].call({
      method,
      path: '/internal/database',
      ...omitUndefined({ body }),
      answer: DatabaseAnswer,
    });
  return {
    databaseState: (service) => database(service, 'GET'),
    connect: (service, { configurationId, addresses }) => database(service, 'PUT', { configurationId, ...addresses[service] }),
    disconnect: (service) => database(service, 'DELETE'),
    hasOwner: async () => (await clients.auth.call({ method: 'GET', path: '/internal/owner', answer: FoundOwner })).hasOwner,
    makeOwner: (body) => clients.auth.call({ method: 'POST', path: '/internal/owner', body, answer: MadeOwner }),
    close: async () => void (await Promise.all(serviceNames.map((service) => clients[service].close()))),
  };
};
