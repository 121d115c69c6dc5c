import type { InternalVerifier } from '@guildhall/principal';
import type { FastifyInstance } from 'fastify';
import { guardWithInternalTokens } from './access.ts';
import { tellProblemCodes } from './problem.ts';
import { createHttpServer, type HttpServerParts } from './server.ts';

/** The server of a service behind the gateway: internal tokens enforce the `InternalAccessRule` of every route. */
export const createServiceServer = ({
  verifier,
  ...parts
}: HttpServerParts & { readonly verifier: InternalVerifier }): FastifyInstance => {
  const app = createHttpServer(parts);
  guardWithInternalTokens(app, verifier);
  tellProblemCodes(app);
  return app;
};
