import { activeTracer, type Span, type SpanStart, type Tracer } from '@guildhall/tracing';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { atOnce } from './hook-at-once.ts';

/** The header that carries a trace from process to process (W3C Trace Context, section 3.2). */
export const traceparentHeader = 'traceparent';

/** A span for each request that is answered, continuing the trace that it names. Without a tracer nothing is added to a request. Call before other hooks. */
export const traceRequests = (app: FastifyInstance): void => {
  const tracer = activeTracer();
  if (tracer === undefined) return;
  const spans = new WeakMap<FastifyRequest, Span>();
  app.addHook('onRequest', (request, _reply, done) => {
    const span = beginRequest(tracer, request);
    if (span === undefined) return done();
    spans.set(request, span);
    return span.run(done);
  });
  // A body is read by events of its socket, which know no span.
  app.addHook('preValidation', (request, _reply, done) => {
    const span = spans.get(request);
    return span === undefined ? done() : span.run(done);
  });
  app.addHook(
    'onResponse',
    atOnce((request, { statusCode }) => {
      const span = spans.get(request);
      if (span === undefined) return;
      setStatus(span, statusCode);
      span.end();
    }),
  );
};

/** True for what asks again and again whether all is well, or whether there is anything new. */
const isRoutine = (url: string): boolean => url.startsWith('/internal/') || /^\/(?:healthz|readyz|metrics)$/.test(url);

/** Undefined for a routine request, unless it is a part of a trace. */
const beginRequest = (tracer: Tracer, request: FastifyRequest): Span | undefined => {
  const given = request.headers[traceparentHeader];
  const parent = typeof given === 'string' ? given : null;
  if (parent === null && isRoutine(request.url)) return undefined;
  const { method, id, routeOptions } = request;
  return tracer.begin(answeredSpan({ method, route: routeOptions.url, requestId: id, parent }));
};

/** The span of one request, or of a call that came without HTTP. */
export const answeredSpan = ({ method, route, requestId, parent }: AnsweredRequest): SpanStart => ({
  name: route === undefined ? method : `${method} ${route}`,
  kind: 'server',
  parent,
  attributes: {
    'http.request.method': method,
    ...(route === undefined ? {} : { 'http.route': route }),
    [requestIdAttribute]: requestId,
  },
});

interface AnsweredRequest {
  readonly method: string;
  readonly route: string | undefined;
  readonly requestId: string;
  readonly parent: string | null;
}

/** The attribute by which a trace and the lines of a log are found from each other. */
export const requestIdAttribute = 'guildhall.request_id';

/** Notes the status of an answer. Only what is the server's fault has failed (semantic conventions of HTTP). */
export const setStatus = (span: Span, status: number): void => {
  span.set({ 'http.response.status_code': status });
  if (status >= 500) span.fail(String(status));
};
