import { systemRoutes, type SystemMigrations, type SystemServices } from '@guildhall/contracts';
import { serveContract } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import { forOperators, type OperatorParts } from './operator.ts';

export interface SystemRouteParts extends OperatorParts {
  readonly readServices: () => Promise<SystemServices>;
  readonly readMigrations: () => Promise<SystemMigrations>;
}

/** The routes that say how the processes of the installation are: the gateway asks each service, and answers also without some of them. */
export const addSystemRoutes = (app: FastifyInstance, parts: SystemRouteParts): void => {
  const { getSystemServices, getSystemMigrations } = systemRoutes;
  serveContract(app, getSystemServices, forOperators(parts, getSystemServices), async () => ({
    body: await parts.readServices(),
  }));
  serveContract(app, getSystemMigrations, forOperators(parts, getSystemMigrations), async () => ({
    body: await parts.readMigrations(),
  }));
};
