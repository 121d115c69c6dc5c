import staticFiles from '@fastify/static';
import { giveScopeAccess } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import { anyone } from '../core/admission/access-rule.ts';

/** The console loads nothing from elsewhere and runs no inline script or style: what is injected into it does not run. */
const consolePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The addresses of the page that draws the OpenAPI document. */
const docsAddresses = ['/docs', '/docs/'] as const;

const oneYearSeconds = 31_536_000;

/** A file of this folder has a hash of its content in its name. */
const hashedFolder = '/assets/';

const unbuiltPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Guildhall</title>
<h1>The console is not built here</h1>
<p>The API works without it: its OpenAPI document is at <a href="/openapi.json">/openapi.json</a>.</p>
<p>To build the console, run <code>make console</code> in the repository and start the gateway again.</p>
</html>
`;

/**
 * The console at `/`: the files of `folder`, with its page for every address under `/app/`, and at `/docs` the one that draws the API.
 * Null: it is not built; `/` and `/docs` say so and everything else works.
 */
export const addConsole = async (app: FastifyInstance, folder: string | null): Promise<void> => {
  await app.register(async (scope) => {
    giveScopeAccess(scope, anyone);
    scope.addHook('onSend', async (_request, reply) => void reply.header('content-security-policy', consolePolicy));
    if (folder !== null) await serveFiles(scope, folder);
    else
      for (const address of ['/', ...docsAddresses])
        scope.get(address, async (_request, reply) => reply.code(404).type('text/html; charset=utf-8').send(unbuiltPage));
  });
};

const serveFiles = async (scope: FastifyInstance, folder: string): Promise<void> => {
  await scope.register(staticFiles, {
    root: folder,
    // Each file is a route of its own, found at the start: no path of a request is looked up on the disk.
    wildcard: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const isHashed = path.slice(folder.length).startsWith(hashedFolder);
      void reply.header('cache-control', isHashed ? `public, max-age=${oneYearSeconds}, immutable` : 'no-cache');
    },
  });
  for (const address of ['/app', '/app/*', ...docsAddresses])
    scope.get(address, (_request, reply) => reply.sendFile('index.html'));
};
