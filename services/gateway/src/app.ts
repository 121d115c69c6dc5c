import cors from '@fastify/cors';
import { release, type Installation, type ServiceName } from '@guildhall/contracts';
import { createHttpServer, giveScopeAccess, type Logger, type Metrics, type Readiness } from '@guildhall/http';
import type { IpNetwork } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import { anyone, localMetrics } from './core/admission/access-rule.ts';
import { openApiOf } from './core/openapi/document.ts';
import { routeTable } from './route-table.ts';
import { addClientAddress } from './routes/client-address.ts';
import { addConsole } from './routes/console.ts';
import { addDataRoutes, type DataRouteParts } from './routes/data.ts';
import { addForwardedRoute, type ForwardingParts } from './routes/forwarded.ts';
import { addInstallationRoutes, type InstallationRouteParts } from './routes/installation.ts';
import { guardLocalRoutes, type IsLocal } from './routes/local.ts';
import { addSecurityHeaders } from './routes/security-headers.ts';
import { addSystemRoutes, type SystemRouteParts } from './routes/system.ts';
import { addVersionRoute } from './routes/version.ts';
import { addWitnessRoutes, type WitnessRouteParts } from './routes/witness.ts';
import { addWorkspaceRoutes, type WorkspaceRouteParts } from './routes/workspaces.ts';
import { addDocument } from './routes/openapi-document.ts';

export interface AppParts {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly trustedProxies: readonly IpNetwork[];
  readonly isLocal: IsLocal;
  readonly isThisMachine: IsLocal;
  readonly metricsToken: string | null;
  readonly corsOrigins: readonly string[];
  /** The folder of the built console; null: it is not built. */
  readonly consoleFolder: string | null;
  readonly installation: InstallationRouteParts;
  readonly witness: WitnessRouteParts;
  readonly forwarding: ForwardingParts;
  readonly system: SystemRouteParts;
  readonly data: DataRouteParts;
  readonly workspaces: WorkspaceRouteParts;
}

/** The public HTTP surface: every route of the table, the installation's state, the document and its page. */
export const createApp = async (parts: AppParts): Promise<FastifyInstance> => {
  const { log, metrics, installation, forwarding } = parts;
  const readiness = () => readinessOf(forwarding.startup.pending(), installation.installation.state());
  const app = createHttpServer({ log, metrics, readiness, healthAccess: anyone, metricsAccess: localMetrics });
  addClientAddress(app, parts.trustedProxies);
  addSecurityHeaders(app);
  if (parts.corsOrigins.length > 0) await allowOrigins(app, parts.corsOrigins);
  guardLocalRoutes(app, parts);
  app.addHook('preClose', async () => {
    forwarding.endStreams();
    forwarding.startup.close();
  });
  addInstallationRoutes(app, installation);
  addVersionRoute(app);
  addSystemRoutes(app, parts.system);
  addDataRoutes(app, parts.data);
  addWitnessRoutes(app, parts.witness);
  addWorkspaceRoutes(app, forwarding, parts.workspaces);
  for (const route of routeTable) {
    if (route.service !== 'gateway' && route.access.kind !== 'workspace')
      addForwardedRoute(app, forwarding, route, route.service);
  }
  addDocument(app, openApiDocument());
  await addConsole(app, parts.consoleFolder);
  return app;
};

/**
 * Ready, for whoever sends requests to one of several gateways, when it is known how every service is. Solo work is answered before.
 * A service that is away is no reason to send them elsewhere: the others see it as it does.
 */
const readinessOf = (pending: readonly ServiceName[], { state: status, source }: Installation): Readiness => ({
  isReady: pending.length === 0,
  ...(pending.length === 0 ? {} : { reason: `it is not known yet how ${pending.join(', ')} is: what needs it waits` }),
  sharedDatabase: { status, source },
});

/** Lets pages of other sites call, without cookies: what they may do follows from the token that they send. */
const allowOrigins = async (app: FastifyInstance, origins: readonly string[]): Promise<void> => {
  const endScope = giveScopeAccess(app, anyone);
  await app.register(cors, {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['etag', 'retry-after', 'x-request-id'],
    maxAge: 600,
  });
  endScope();
};

let document: Readonly<Record<string, unknown>> | undefined;

/** The OpenAPI document of everything this gateway answers: built once in a process, since it follows from the contracts alone. */
export const openApiDocument = (): Readonly<Record<string, unknown>> =>
  (document ??= openApiOf(
    routeTable.map(({ contract, access, requiresSharedDb }) => ({ contract, access, isShared: requiresSharedDb !== null })),
    release,
  ));
