import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError } from '@guildhall/errors';
import { createLaneServer, lanePath, type LaneAnswer, type LaneCall } from '@guildhall/lane';
import { Principal, serviceHeader, type InternalVerifier } from '@guildhall/principal';
import { traced } from '@guildhall/tracing';
import type { FastifyInstance } from 'fastify';
import { Compile } from 'typebox/compile';
import { jsonWriterOf } from './json-writer.ts';
import { logAnswered, type Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import { answerBare } from './not-http.ts';
import { collectOperations, type Identified, type OfferedOperation, type OfferedOperations } from './offered-operations.ts';
import { logThrown, problemCodeHeader, problemHeadersOf, toAppError, toProblem } from './problem.ts';
import { requestIdHeader, requestIdOf } from './request-id.ts';
import { jsonMediaType, responseHeadOf } from './response-head.ts';
import { answeredSpan, setStatus, traceparentHeader } from './trace-requests.ts';

export interface LaneParts {
  readonly verifier: InternalVerifier;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** True if a request wants to become a lane: every other upgrade is passed over, and its request answered as any. */
export const isLaneRequest = ({ url, headers }: IncomingMessage): boolean =>
  url === lanePath && headers.upgrade?.toLowerCase() === 'websocket';

/**
 * Offers the operations of a service's routes on the lane, too, for the gateway alone: a call is performed by the operation that its route
 * performs, and is checked, answered, logged and measured like a request. Call before the first route.
 */
export const serveLane = (app: FastifyInstance, parts: LaneParts): void => {
  const { log, verifier } = parts;
  const operations = collectOperations(app);
  const lane = createLaneServer({
    operations: () => [...operations.byName.keys()],
    perform: (call, isAbandoned) => answerMeasured(parts, operations, call, isAbandoned),
    onFault: (error) => log.warn({ err: error }, 'a lane of the gateway failed'),
  });
  const admit = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    socket.on('error', destroySocket);
    try {
      await requireGateway(verifier, request.headers[serviceHeader]);
    } catch (error) {
      return refuse(log, request, socket, error);
    }
    socket.off('error', destroySocket);
    return lane.upgrade(request, socket, head);
  };
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => void admit(request, socket, head));
  let closing: Promise<void> | undefined;
  // Calls in hand are waited for beside everything else that ends: one that hangs does not keep event streams open.
  app.addHook('preClose', async () => void (closing = lane.close()));
  app.addHook('onClose', async () => closing);
};

function destroySocket(this: Duplex): void {
  this.destroy();
}

const requireGateway = async (verifier: InternalVerifier, token: string | string[] | undefined): Promise<void> => {
  if (typeof token !== 'string' || (await verifier.verifyService(token)) !== 'gateway') throw gatewayOnly();
};

const gatewayOnly = (): AppError => new AppError('UNAUTHENTICATED', 'This address is for the gateway of this installation only.');

const refuse = (log: Logger, request: IncomingMessage, socket: Duplex, thrown: unknown): void => {
  const requestId = requestIdOf(request);
  const error = toAppError(thrown);
  logThrown(log.child({ requestId }), thrown, error);
  log.info({ requestId, method: request.method, route: lanePath, status: error.status }, 'answered');
  answerBare(socket, error, requestId);
};

const answerMeasured = async (
  { log, metrics }: LaneParts,
  { byName, onAnswered }: OfferedOperations,
  call: LaneCall,
  isAbandoned: () => boolean,
): Promise<LaneAnswer | 'long'> => {
  const startedAtMs = performance.now();
  const offered = byName.get(call.operation);
  if (offered === undefined) throw new Error(`The operation ${call.operation} is not offered.`);
  const { method, path } = offered.contract;
  const requestId = requestIdOf({ headers: { [requestIdHeader]: call.requestId } });
  const parent = call.headers[traceparentHeader] ?? null;
  const answer = await traced(
    () => answeredSpan({ method, route: path, requestId, parent }),
    async (span) => {
      const answered = await answerOf(offered, call, { requestId, log, isAbandoned });
      if (span !== undefined) setStatus(span, answered.status);
      return answered;
    },
  );
  const elapsedMs = performance.now() - startedAtMs;
  logAnswered(log, { requestId, userId: userIdOf(call), method, route: path, status: answer.status, elapsedMs });
  metrics.observeRequest(method, path, answer.status, elapsedMs / 1000);
  for (const react of onAnswered) react(method);
  return method === 'GET' && (answer.text?.length ?? 0) > readCharactersMax ? 'long' : answer;
};

const userIdOf = ({ caller }: LaneCall): string | undefined => {
  const { principal } = Object(caller) as { readonly principal?: { readonly userId?: unknown } };
  return typeof principal?.userId === 'string' ? principal.userId : undefined;
};

/** The longest answer to a read that goes by the lane, in characters: a longer one would keep the others of its connection waiting, and is asked for by HTTP. */
const readCharactersMax = 1_048_576;

interface CallContext {
  readonly requestId: string;
  readonly log: Logger;
  readonly isAbandoned: () => boolean;
}

/** The answer to a call, a problem included. Nobody stores it, unless it says otherwise. */
const answerOf = async (offered: OfferedOperation, call: LaneCall, context: CallContext): Promise<LaneAnswer> => {
  const { contract } = offered;
  const { requestId, log } = context;
  const { params, query, body: bodyText, headers } = call;
  try {
    const identified = identify(offered, call);
    const answer = await offered.perform({ params, query, bodyText, identified, requestId, headers });
    const request = { method: contract.method, params, ifNoneMatch: headers['if-none-match'] };
    const head = responseHeadOf(contract, request, answer);
    const hasBody = head.status !== 304 && (answer.jsonText !== undefined || answer.body !== undefined);
    if (!hasBody || context.isAbandoned()) return { ...head, headers: { ...noStore, ...head.headers }, text: null };
    const text = answer.jsonText ?? writeJson(contract.responses[head.status], answer.body);
    return { status: head.status, headers: { ...noStore, 'content-type': jsonMediaType, ...head.headers }, text };
  } catch (thrown) {
    const error = toAppError(thrown);
    logThrown(log.child({ requestId }), thrown, error);
    const fields = { ...noStore, ...problemHeadersOf(error), [problemCodeHeader]: error.code };
    return { status: error.status, headers: fields, text: JSON.stringify(toProblem(error, requestId)) };
  }
};

const noStore = { 'cache-control': 'no-store' } as const;

const writeJson = (schema: object | null | undefined, body: unknown): string =>
  schema === null || schema === undefined ? JSON.stringify(body) : jsonWriterOf(schema)(body);

const principalCheck = Compile(Principal);

/** Who calls, as the gateway says: a principal where the operation is for one, the address of a client where it is open. Throws UNAUTHENTICATED. */
const identify = ({ access }: OfferedOperation, { caller, headers }: LaneCall): Identified => {
  const { principal, ip } = Object(caller) as { readonly principal?: unknown; readonly ip?: unknown };
  if (access === 'principal' && principalCheck.Check(principal)) return { principal, signedClient: null, headers };
  if (access === 'anonymous' && typeof ip === 'string' && isIP(ip) !== 0)
    return { principal: null, signedClient: { ip }, headers };
  throw gatewayOnly();
};
