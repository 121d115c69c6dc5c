import { isUtf8 } from 'node:buffer';
import type { ServerResponse } from 'node:http';
import { AppError } from '@guildhall/errors';
import type { RouteContract } from '@guildhall/contracts';
import { encodeAnswer, problemCodeHeader, requestIdAttribute, setStatus, traceparentHeader } from '@guildhall/http';
import { LaneFailure, type LaneAnswer, type LaneCall, type LaneClient, type PendingAnswer } from '@guildhall/lane';
import type { Principal } from '@guildhall/principal';
import { traced, type Span, type SpanStart } from '@guildhall/tracing';
import type { BufferedBody } from './buffered-body.ts';
import { forwardLimits, responseHeaders, unavailable, type ForwardedRequest } from './forwarder.ts';
import type { ProxiedRequest } from './proxy-request.ts';

/** The request headers that operations read, and those that a trace is followed by. */
const calledHeaders = ['if-match', 'if-none-match', 'idempotency-key', 'user-agent', 'traceparent', 'tracestate'] as const;

/** A body that is JSON, in the one charset of JSON: every other media type goes by HTTP. */
const jsonType = /^application\/json(?:\s*;\s*charset="?utf-8"?)?\s*$/i;

/** A request as a call of the lane; undefined where it must go by HTTP: its body is a stream, long or no JSON, or it asks for the head alone. */
export const laneCallOf = (
  contract: RouteContract,
  { raw, id, clientAddress, headers, params, query }: ProxiedRequest,
  { bytes, isComplete }: BufferedBody,
  bodyBytesMax: number,
  principal: Principal | undefined,
): LaneCall | undefined => {
  const type = headers['content-type'];
  const isJson = type === undefined ? bytes.length === 0 : jsonType.test(type);
  if (raw.method !== contract.method || !isComplete || !isJson || bytes.length > bodyBytesMax || !isUtf8(bytes)) return undefined;
  const called: Record<string, string> = {};
  for (const name of calledHeaders) {
    const value = headers[name];
    if (typeof value === 'string') called[name] = value;
  }
  return {
    operation: contract.name,
    requestId: id,
    params: params as LaneCall['params'],
    query: query as LaneCall['query'],
    body: bytes.length === 0 ? null : bytes.toString(),
    caller: principal === undefined ? { ip: clientAddress } : { principal },
    headers: called,
  };
};

/**
 * Sends a call by the lane and its answer to the client; resolves with the answer's status. Resolves with null where HTTP is to carry
 * the request: no open connection offers the operation, or the service gave no answer to what may be sent again, which is tried once more.
 * Rejects with SERVICE_UNAVAILABLE if the service gave no answer to any other change: whether it was made is not known.
 */
export const forwardByLane = async (
  lane: LaneClient | undefined,
  contract: RouteContract,
  call: LaneCall | undefined,
  request: Omit<ForwardedRequest, 'addedHeaders'>,
  { slowClientTimeoutMs }: Pick<typeof forwardLimits, 'slowClientTimeoutMs'> = forwardLimits,
): Promise<number | null> => {
  const { outgoing, incoming } = request;
  if (call === undefined || lane === undefined || outgoing.destroyed) return null;
  const answer = await traced(
    () => laneSpan(call),
    (span) => exchangeByLane(lane, span === undefined ? call : continuing(call, span), request, contract, span),
  );
  if (answer === 'by http') return null;
  if (answer === 'closed') return outgoing.statusCode;
  const code = answer.headers[problemCodeHeader];
  if (answer.status === 503 && code !== undefined) request.onUnavailable?.(code);
  request.onStatus?.(answer.status);
  const { headers, body } = await encodeAnswer(answer, contract, incoming.headers);
  if (outgoing.destroyed) return outgoing.statusCode;
  outgoing.writeHead(answer.status, responseHeaders(headers, request.ownHeaders));
  outgoing.end(body);
  await untilRead(outgoing, slowClientTimeoutMs);
  return answer.status;
};

const laneSpan = ({ operation, requestId }: LaneCall): SpanStart => ({
  name: `lane ${operation}`,
  kind: 'client',
  attributes: { 'rpc.system.name': 'guildhall-lane', 'rpc.method': operation, [requestIdAttribute]: requestId },
});

const continuing = (call: LaneCall, { traceparent }: Span): LaneCall => ({
  ...call,
  headers: { ...call.headers, [traceparentHeader]: traceparent },
});

type LaneRequest = Pick<ForwardedRequest, 'incoming' | 'outgoing'>;

const exchangeByLane = async (
  lane: LaneClient,
  call: LaneCall,
  request: LaneRequest,
  contract: RouteContract,
  span: Span | undefined,
): Promise<LaneAnswer | 'closed' | 'by http'> => {
  const pending = beginCall(lane, call);
  const answer = pending === undefined ? 'by http' : await answerOrClosed(pending, request, contract);
  if (typeof answer === 'string') span?.set({ 'guildhall.lane.outcome': answer });
  else if (span !== undefined) setStatus(span, answer.status);
  return answer;
};

/** Throws SERVICE_UNAVAILABLE where as many calls are under way as the service takes. */
const beginCall = (lane: LaneClient, call: LaneCall): PendingAnswer | undefined => {
  try {
    return lane.call(call);
  } catch (error) {
    throw refusalOf(error);
  }
};

const refusalOf = (error: unknown): unknown => {
  if (!(error instanceof LaneFailure)) return error;
  if (error.reason !== 'full') return unavailable(error);
  const detail = 'The service behind this route is overloaded. Try again shortly.';
  return new AppError('SERVICE_UNAVAILABLE', detail, { cause: error, retryAfterSeconds: 1 });
};

/** The answer; `closed` once the client has gone, for whom it is cancelled; `by http` where the request may, and should, be sent by HTTP. */
const answerOrClosed = async (
  pending: PendingAnswer,
  { outgoing, incoming }: LaneRequest,
  contract: RouteContract,
): Promise<LaneAnswer | 'closed' | 'by http'> => {
  const closed = Promise.withResolvers<'closed'>();
  const onClose = (): void => {
    pending.abandon();
    closed.resolve('closed');
  };
  outgoing.once('close', onClose);
  try {
    return await Promise.race([pending.answer, closed.promise]);
  } catch (error) {
    if (error instanceof LaneFailure && goesByHttp(error, contract, mayBeSentAgain(contract, incoming))) return 'by http';
    throw refusalOf(error);
  } finally {
    outgoing.off('close', onClose);
  }
};

/** True if a call is sent again: the service has not begun it, its answer was lost, or it is a read whose answer is too long. What is late has had its time. */
const goesByHttp = ({ reason }: LaneFailure, { method }: RouteContract, isRepeatable: boolean): boolean =>
  reason === 'unknown' || (reason === 'long' && method === 'GET') || (reason === 'broken' && isRepeatable);

/**
 * True if a request that a service may have performed may be sent to it again: it changes nothing, or it carries the Idempotency-Key under which the
 * service repeats its first answer.
 */
export const mayBeSentAgain = (
  { method, isIdempotentCreate = false }: RouteContract,
  { headers }: Pick<ProxiedRequest, 'headers'>,
): boolean => method === 'GET' || (isIdempotentCreate && headers['idempotency-key'] !== undefined);

/** Waits until the client has read the answer, which occupies memory until then. One that leaves it unread is disconnected. */
const untilRead = async (outgoing: ServerResponse, timeoutMs: number): Promise<void> => {
  if (!outgoing.writableNeedDrain || outgoing.writableFinished) return;
  const slow = setTimeout(() => outgoing.destroy(), timeoutMs);
  await new Promise<void>((resolve) => void outgoing.once('close', resolve));
  clearTimeout(slow);
};
