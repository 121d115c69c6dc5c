export { atOnce } from './hook-at-once.ts';
export { giveScopeAccess, guardMetrics } from './access.ts';
export type { Answer } from './answer.ts';
export { afterChanges } from './after-changes.ts';
export type { Call, Handler } from './call.ts';
export { connectToService, type ServiceConnections } from './service-connections.ts';
export {
  answerOf,
  createInternalClient,
  type AnswerCheck,
  type InternalCall,
  type InternalClient,
  type InternalClientParts,
} from './client.ts';
export {
  databaseSchemes,
  httpSchemes,
  queueSchemes,
  readSettings,
  type EnvironmentSettings,
  type IpNetwork,
} from './environment.ts';
export { charsetOf, decodeUtf8, parseJsonBodies } from './json-body.ts';
export { encodeAnswer } from './compression.ts';
export { formatEvent, formatHeartbeat, type ServerSentEvent } from './event-stream.ts';
export { foldRefusals, type FoldedRefusals } from './fold-refusals.ts';
export { bindCursor } from './list-cursor.ts';
export { createLog, logLevels, type LogLevel, type Logger, type LogOptions } from './log.ts';
export { createMissingEvents, type MissingEvents } from './missing-events.ts';
export { awaitRest, isWholeRequest, lingerFor } from './early-answer.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { createOperation, type Operation, type OperationAnswer, type OperationRequest } from './operation.ts';
export type { Identified } from './offered-operations.ts';
export { originFormOf } from './origin-form.ts';
export { problemCodeHeader } from './problem.ts';
export type { Readiness, SharedDatabaseStatus } from './readiness.ts';
export { callerOf, contextOf } from './request-context.ts';
export { requestIdHeader } from './request-id.ts';
export { readOrExit, runProcess, type Running } from './run-process.ts';
export type { RoutePartsOf } from './route-parts.ts';
export { readTracing, type TracingSettings } from './tracing-settings.ts';
export { startTraced } from './start-traced.ts';
export { requestIdAttribute, setStatus, traceparentHeader } from './trace-requests.ts';
export { sessionCookieHeaders, type SentCookie, type SetCookie } from './session-cookie.ts';
export { serve, serveContract, type AnonymousClient, type ServeOptions } from './serve.ts';
export { bearerToken, isSameSecret } from './credentials.ts';
export { createHttpServer, listen, type HttpServerParts } from './server.ts';
export { createServiceServer } from './service-app.ts';
export { created, versioned } from './versioned.ts';
export { unknownSettings } from './unknown-settings.ts';
