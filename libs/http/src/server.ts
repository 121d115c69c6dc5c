import type { IncomingMessage } from 'node:http';
import type { Server as TcpServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { bodyBytesMaxDefault, type AccessRule } from '@guildhall/contracts';
import { omitUndefined } from '@guildhall/resources';
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import { requireAccessRules } from './access.ts';
import { compressAnswers } from './compression.ts';
import { closeAfterEarlyAnswers, refuseBodiesOfReads } from './early-answer.ts';
import { atOnce } from './hook-at-once.ts';
import { parseJsonBodies, refuseMalformedQueries } from './json-body.ts';
import { jsonWriterOf } from './json-writer.ts';
import { logAnswered, type Logger } from './log.ts';
import { measureRequests, type Metrics } from './metrics.ts';
import { storeNothing } from './no-store.ts';
import { answerNotHttp, noteAnswers, refuseTunnels } from './not-http.ts';
import { answerPlainHttp } from './plain-http.ts';
import { originFormOf } from './origin-form.ts';
import { handleError } from './problem.ts';
import type { Readiness } from './readiness.ts';
import { requestIdHeader, requestIdOf } from './request-id.ts';
import { stopListening } from './stop-listening.ts';
import { watchFirstRequests } from './first-requests.ts';
import { traceRequests } from './trace-requests.ts';
import { refuseUnrouted } from './unrouted.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The user who calls, as soon as that is known: for the log alone. Null without one. */
    userId: string | null;
  }
}

/** The time limit for receiving a whole request. */
const requestTimeoutMs = 30_000;
/** The time limit for receiving its headers. Must be less than that of the request, or Node swaps the two. */
const headersTimeoutMs = 15_000;
/** The resolution of these time-outs. */
const checkConnectionsEveryMs = 1_000;
/** Longer than the keep-alive of any client in front, so that it is the client who closes an idle connection. */
const keepAliveTimeoutMs = 72_000;
/** The keep-alive time while closing: a client that has just sent its next request is still answered. Node adds a second. */
const keepAliveWhenClosingMs = 500;
/** The time after which connections without a request are closed while closing. */
const letGoWithinMs = 200;
const pathParameterCharactersMax = 300;
/** The longest part of a path without a route that is logged: its length is the client's choice. */
const loggedPathCharactersMax = 300;

export interface HttpServerParts {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly readiness: () => Readiness | Promise<Readiness>;
  /** The access rule of /healthz and /readyz; `public` where not said. */
  readonly healthAccess?: AccessRule;
  /** The access rule of /metrics; `public` where not said. */
  readonly metricsAccess?: AccessRule;
  /** Tells the requests that become another protocol (RFC 9110, section 7.8). Every other one is answered as if it had not asked for that. */
  readonly isUpgrade?: (request: IncomingMessage) => boolean;
}

/**
 * A fastify server with the habits that every process of Guildhall has: access rules required, problem answers,
 * request ids, one log line a request, health, readiness and metrics.
 */
export const createHttpServer = (parts: HttpServerParts): FastifyInstance => {
  const app = createListeningServer(parts);
  letGoWhenClosing(app);
  return app;
};

/** The server without the step of closing that takes time: what is to be done before it adds its hook, and then `letGoWhenClosing` is called. */
export const createListeningServer = (parts: HttpServerParts): FastifyInstance => {
  const app: FastifyInstance = Fastify({
    loggerInstance: parts.log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: requestIdOf,
    rewriteUrl: ({ url = '/' }) => originFormOf(url),
    requestIdHeader: false,
    bodyLimit: bodyBytesMaxDefault,
    http: {
      requireHostHeader: false,
      headersTimeout: headersTimeoutMs,
      connectionsCheckingInterval: checkConnectionsEveryMs,
      ...omitUndefined({ shouldUpgradeCallback: parts.isUpgrade }),
    },
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    routerOptions: { maxParamLength: pathParameterCharactersMax },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerNotHttp(parts.log),
    frameworkErrors: (error, request, reply) => void handleError(error, request, reply),
  }) as unknown as FastifyInstance;
  // Bodies are JSON. A parser for plain text would hand a text to an operation that wants an object.
  app.removeContentTypeParser('text/plain');
  parseJsonBodies(app);
  app.setErrorHandler(handleError);
  app.setSerializerCompiler(({ schema }) => jsonWriterOf(schema as object));
  refuseUnrouted(app);
  traceRequests(app);
  requireAccessRules(app);
  noteAnswers(app);
  echoRequestIds(app);
  storeNothing(app);
  compressAnswers(app);
  closeAfterEarlyAnswers(app);
  refuseBodiesOfReads(app);
  refuseMalformedQueries(app);
  answerPlainHttp(app);
  refuseTunnels(app, parts.log);
  logRequests(app);
  measureRequests(app, parts.metrics);
  addOperations(app, parts);
  return app;
};

const echoRequestIds = (app: FastifyInstance): void => {
  app.addHook(
    'onRequest',
    atOnce((request, reply) => void reply.header(requestIdHeader, request.id)),
  );
};

/** The health checks of one installation run every second; a successful one is not worth a log line. */
const isRoutine = (url: string, status: number): boolean => url.startsWith('/internal/') && status < 400;

/** Logs one line per request, by route: health checks only if they fail; unavailability is a state, not a failure. */
const logRequests = (app: FastifyInstance): void => {
  app.decorateRequest('userId', null);
  app.addHook(
    'onResponse',
    atOnce((request, reply) => {
      const status = reply.statusCode;
      if (operations.has(request.url) && (status < 400 || status === 503)) return;
      const line = {
        userId: request.userId ?? undefined,
        method: request.method,
        route: request.routeOptions.url ?? request.url.split('?', 1)[0]?.slice(0, loggedPathCharactersMax),
        status,
        elapsedMs: reply.elapsedTime,
      };
      logAnswered(request.log, line, isRoutine(request.url, status));
    }),
  );
};

/**
 * Closes gracefully: new connections are refused, which tells their clients that nothing was taken; from then on requests are answered with `connection: close`. A
 * connection with an answer in flight is kept for a moment after it, and one that was accepted just before until its first request has come.
 */
export const letGoWhenClosing = (app: FastifyInstance): void => {
  const firstRequests = watchFirstRequests(app.server);
  const close = app.close.bind(app) as () => Promise<undefined>;
  // Not in a hook: those run when fastify already answers `connection: close`, and whoever is told that connects anew at once.
  app.close = (async () => {
    await stopListening(app.server);
    return await close();
  }) as FastifyInstance['close'];
  app.addHook('preClose', async () => {
    app.server.keepAliveTimeout = keepAliveWhenClosingMs;
    if ((await countConnections(app.server)) > 0) await delay(letGoWithinMs);
    await firstRequests.begun();
  });
};

const countConnections = (server: TcpServer): Promise<number> =>
  new Promise((resolve) => void server.getConnections((_error, count) => resolve(count ?? 0)));

const operations = new Set(['/healthz', '/readyz', '/metrics']);

const addOperations = (
  app: FastifyInstance,
  { metrics, readiness, healthAccess = { kind: 'public' }, metricsAccess = { kind: 'public' } }: HttpServerParts,
): void => {
  const config = { access: healthAccess };
  app.get('/healthz', { config }, async () => ({ status: 'ok' }));
  let isClosing = false;
  app.addHook('preClose', async () => void (isClosing = true));
  app.get('/readyz', { config }, async (_request, reply) => {
    const state = await readiness();
    const isReady = state.isReady && !isClosing;
    return reply.code(isReady ? 200 : 503).send({ ...state, isReady });
  });
  app.get('/metrics', { config: { access: metricsAccess } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
};

/** Starts listening once `known` has resolved, which is said in the log; port 0 takes a free one. Returns the URL. */
export const listen = async (
  app: FastifyInstance,
  address: { readonly host: string; readonly port: number },
  known?: Promise<unknown>,
): Promise<string> => {
  await known;
  return app.listen({ ...address, listenTextResolver: (url) => `listening at ${url}` });
};
