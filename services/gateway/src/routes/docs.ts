import { createHash } from 'node:crypto';
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

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#1f3a5f"/><path d="M5 13 16 6l11 7v2H5zm2 4h3v8H7zm7.5 0h3v8h-3zm7.5 0h3v8h-3zM5 26h22v2H5z" fill="#fff"/></svg>`;

const viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">';

/** `GET /openapi.json`, and the page at `/docs` that draws it. */
export const addDocs = async (app: FastifyInstance, document: Readonly<Record<string, unknown>>): Promise<void> => {
  addDocument(app, JSON.stringify(document));
  await app.register(async (scope) => {
    giveScopeAccess(scope, anyone);
    scope.addHook('onSend', async (_request, reply, payload) =>
      typeof payload === 'string' && String(reply.getHeader('content-type')).startsWith('text/html')
        ? payload.replace('<head>', `<head>${viewport}`)
        : payload,
    );
    await scope.register(swagger, { mode: 'static', specification: { document: document as never } });
    await scope.register(swaggerUi, {
      routePrefix: '/docs',
      // The other layout has a top bar with a logo whose inline style the page's policy blocks.
      uiConfig: { deepLinking: true, validatorUrl: null, layout: 'BaseLayout' },
      theme: {
        title: 'Guildhall',
        favicon: [{ filename: 'guildhall.svg', rel: 'icon', type: 'image/svg+xml', sizes: 'any', content: icon }],
      },
      staticCSP: pagePolicy,
    });
  });
};

/** Serves the document with an entity tag: a client that has it already is answered 304 (RFC 9110, section 13.1.2). */
const addDocument = (app: FastifyInstance, json: string): void => {
  const hash = createHash('sha256').update(json).digest('base64url');
  app.get('/openapi.json', { config: { access: anyone } }, async ({ headers }, reply) => {
    void reply.header('etag', `"${hash}"`).header('cache-control', 'no-cache');
    if (headers['if-none-match']?.includes(hash) === true) return reply.code(304).send();
    return reply.type('application/json; charset=utf-8').send(json);
  });
};
