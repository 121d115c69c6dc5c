import type { EventKind } from '@guildhall/contracts';
import { activeTracer, type Span, type SpanStart, type Tracer } from '@guildhall/tracing';
import type { SignedBatch } from './signed-batch.ts';

/** The `traceparent` (W3C Trace Context) of events that are a part of a trace, by their ids. */
export type Traces = Readonly<Record<string, string>>;

interface Message {
  readonly id: string;
}

/** Publishes with a span for each event in the trace that it is a part of. `publish` is given what the events carry on. */
export const publishTraced = async (
  kind: EventKind,
  traces: Traces,
  publish: (carried: Traces) => Promise<void>,
): Promise<void> => {
  const tracer = activeTracer();
  const ids = tracer === undefined ? [] : Object.keys(traces);
  if (tracer === undefined || ids.length === 0) return publish({});
  const spans = ids.map((id) => [id, tracer.begin(spanOf('producer', kind, traces[id] ?? null))] as const);
  const carried = Object.fromEntries(spans.map(([id, { traceparent }]) => [id, traceparent]));
  await endingAll(
    spans.map(([, span]) => span),
    () => publish(carried),
  );
};

/** Adds the traces of its messages to a batch that has any. */
export const withTraces = (batch: SignedBatch, messages: readonly Message[], traces: Traces): SignedBatch => {
  const own = messages.flatMap(({ id }) => (traces[id] === undefined ? [] : [[id, traces[id]] as const]));
  return own.length === 0 ? batch : { ...batch, traces: Object.fromEntries(own) };
};

/**
 * Handles a batch with a span for each event in the trace that it is a part of. What is done for all together is a part of the first one's, with which the others are
 * linked. `traces` is what stands in the queue, whatever that is.
 */
export const consumeTraced = async (
  kind: EventKind,
  messages: readonly Message[],
  traces: unknown,
  handle: () => Promise<void>,
): Promise<void> => {
  const tracer = activeTracer();
  const [first, ...others] = tracer === undefined ? [] : messages.flatMap(({ id }) => textIn(traces, id));
  if (tracer === undefined || first === undefined) return handle();
  const whole = tracer.begin(spanOf('consumer', kind, first, others));
  await endingAll([whole, ...others.map((trace) => partOf(tracer, kind, trace, whole))], () => whole.run(handle));
};

const partOf = (tracer: Tracer, kind: EventKind, trace: string, { traceparent }: Span): Span =>
  tracer.begin(spanOf('consumer', kind, trace, [traceparent]));

const spanOf = (
  role: 'producer' | 'consumer',
  kind: EventKind,
  parent: string | null,
  links: readonly string[] = [],
): SpanStart => {
  const operation = role === 'producer' ? 'send' : 'process';
  const attributes = {
    'messaging.system': 'bullmq',
    'messaging.destination.name': kind,
    'messaging.operation.type': operation,
    'messaging.batch.message_count': links.length + 1,
  };
  return { name: `${operation} ${kind}`, kind: role, parent, links, attributes };
};

const endingAll = async (spans: readonly Span[], work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    for (const span of spans) span.fail(error instanceof Error ? error.name : 'Error');
    throw error;
  } finally {
    for (const span of spans) span.end();
  }
};

const textIn = (traces: unknown, id: string): readonly string[] => {
  if (typeof traces !== 'object' || traces === null || !Object.hasOwn(traces, id)) return [];
  const trace: unknown = (traces as Readonly<Record<string, unknown>>)[id];
  return typeof trace === 'string' ? [trace] : [];
};
