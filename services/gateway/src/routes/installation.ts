import { installationRoutes, type Installation } from '@guildhall/contracts';
import { serveContract } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import { anyone } from '../core/access-rule.ts';

/** `GET /v1/installation`: open to anyone, so that a client can tell a solo installation before anyone signs in. */
export const addInstallationRoute = (app: FastifyInstance, installation: () => Installation): void => {
  serveContract(app, installationRoutes.getInstallation, { access: anyone, callerOf: () => null }, async () => ({
    body: installation(),
  }));
};
