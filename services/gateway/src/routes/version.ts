import { release, versionRoutes } from '@guildhall/contracts';
import { serveContract } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import { anyone } from '../core/admission/access-rule.ts';

/** `GET /v1/version`: open to anyone, so that a client can tell what it speaks to before anyone signs in. */
export const addVersionRoute = (app: FastifyInstance): void => {
  const body = { product: 'guildhall', version: release, api: 'v1' } as const;
  serveContract(app, versionRoutes.getVersion, { access: anyone, callerOf: () => null }, async () => ({ body }));
};
