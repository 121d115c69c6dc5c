import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { giveScopeAccess } from '@guildhall/http';
import { anyone } from '../core/admission/access-rule.ts';

/** The page needs nothing from elsewhere, and may be reached by plain HTTP within a network. */
const pagePolicy = {
  'default-src': "'self'",
  'base-uri': "'self'",
  'frame-ancestors': "'self'",
  'img-src': "'self' data:",
  'object-src': "'none'",
  'script-src': "'self'",
  'script-src-attr': "'none'",
  'style-src': "'self'",
};

/** `GET /openapi.json`, and the page at `/docs` that draws it. */
export const addDocs = async (app: FastifyInstance, document: Readonly<Record<string, unknown>>): Promise<void> => {
  const json = JSON.stringify(document);
  app.get('/openapi.json', { config: { access: anyone } }, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(json),
  );
  await app.register(async (scope) => {
    giveScopeAccess(scope, anyone);
    await scope.register(swagger, { mode: 'static', specification: { document: document as never } });
    await scope.register(swaggerUi, {
      routePrefix: '/docs',
      uiConfig: { deepLinking: true, validatorUrl: null },
      staticCSP: pagePolicy,
    });
  });
};
