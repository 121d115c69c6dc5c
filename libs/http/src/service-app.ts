import type { InternalVerifier } from '@guildhall/principal';
import type { FastifyInstance } from 'fastify';
import { guardWithInternalTokens } from './access.ts';
import { tellProblemCodes } from './problem.ts';
import { createHttpServer, type HttpServerParts } from './server.ts';

/** The server of a service behind the gateway: every route is held to its `AccessRule` by the internal tokens. */
export const createServiceServer = ({
  verifier,
  ...parts
}: HttpServerParts & { readonly verifier: InternalVerifier }): FastifyInstance => {
  const app = createHttpServer(parts);
  guardWithInternalTokens(app, verifier);
  tellProblemCodes(app);
  return app;
};
