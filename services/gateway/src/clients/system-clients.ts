import { internalRoutes, type RouteContract, type ServiceName } from '@guildhall/contracts';
import { answerOf, type InternalClient } from '@guildhall/http';
import type { SystemClients } from '../core/system/read-system.ts';

const ProcessAnswer = answerOf(internalRoutes.getProcess.responses[200]);
const MigrationsAnswer = answerOf(internalRoutes.getMigrations.responses[200]);
const KeysAnswer = answerOf(internalRoutes.listSigningKeys.responses[200]);

const requestOf = ({ method, path }: RouteContract) => ({ method, path });

/** Calls the internal routes by which the services say how they are. */
export const createSystemClients = (clients: Readonly<Record<ServiceName, InternalClient>>): SystemClients => ({
  processOf: (service) => clients[service].call({ ...requestOf(internalRoutes.getProcess), answer: ProcessAnswer }),
  migrationsOf: (service) => clients[service].call({ ...requestOf(internalRoutes.getMigrations), answer: MigrationsAnswer }),
  signingKeys: async () => (await clients.auth.call({ ...requestOf(internalRoutes.listSigningKeys), answer: KeysAnswer })).keys,
});
