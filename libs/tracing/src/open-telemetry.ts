import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import {
  ROOT_CONTEXT,
  SpanKind as Kind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Link,
  type Span as RecordedSpan,
} from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { createExporter, type ExportLog } from './exporter.ts';
import { createHeldSpans, type HeldSpans } from './held-spans.ts';
import type { Span, SpanKind, Tracer } from './tracer.ts';
import type { TracingSettings } from './tracing-settings.ts';

export interface TracerParts {
  readonly settings: TracingSettings;
  /** The name of this process. */
  readonly service: string;
  readonly release: string;
  readonly log: ExportLog;
}

/** Spans that wait to be sent. Beyond it they are left out, so that a collector that is away costs no memory. */
const waitingSpansMax = 4_096;
const batchSpansMax = 512;
const sendEveryMs = 1_000;
const sendTimeoutMs = 5_000;
/** The part of a process's ten seconds for stopping that the last spans may take. */
const closeTimeoutMs = 1_500;
/** The longest text of a statement, in UTF-16 code units. */
const attributeCharactersMax = 4_096;

/** Creates the tracer of a process, which sends spans in batches, and none of them twice. */
export const createTracer = ({ settings, service, release, log }: TracerParts): Tracer => {
  const held = createHeldSpans(
    new BatchSpanProcessor({
      exporter: createExporter(settings, sendTimeoutMs, log),
      maxQueueSize: waitingSpansMax,
      maxExportBatchSize: batchSpansMax,
      scheduledDelayMillis: sendEveryMs,
      exportTimeoutMillis: sendTimeoutMs,
    }),
  );
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.namespace': 'guildhall',
      'service.name': service,
      'service.version': release,
      'service.instance.id': randomUUID(),
    }),
    sampler: samplerOf(settings),
    spanLimits: { attributeValueLengthLimit: attributeCharactersMax },
    spanProcessors: [held],
  });
  const tracer = provider.getTracer('guildhall', release);
  const spans = new AsyncLocalStorage<CurrentSpan>();
  const current = (): CurrentSpan | undefined => {
    const span = spans.getStore();
    return span?.hasEnded() === true ? undefined : span;
  };
  return {
    begin: ({ name, kind, attributes = {}, parent, links = [], isHeld = false }) => {
      const options = { kind: kinds[kind], attributes, links: links.flatMap(linkTo) };
      const context = parent === undefined ? (current()?.context ?? ROOT_CONTEXT) : contextOf(parent);
      const span = tracer.startSpan(name, options, context);
      return spanOn(span, spans, isHeld ? heldTrace(span, held) : undefined);
    },
    current,
    leave: (work) => spans.exit(work),
    close: () => closeInTime(() => provider.shutdown()),
  };
};

interface CurrentSpan extends Span {
  readonly context: Context;
  hasEnded(): boolean;
}

const kinds: Readonly<Record<SpanKind, Kind>> = {
  server: Kind.SERVER,
  client: Kind.CLIENT,
  producer: Kind.PRODUCER,
  consumer: Kind.CONSUMER,
  internal: Kind.INTERNAL,
};

type HeldTrace = Readonly<Record<'release' | 'drop', () => void>>;

const heldTrace = (span: RecordedSpan, held: HeldSpans): HeldTrace => {
  const { traceId } = span.spanContext();
  if (span.isRecording()) held.hold(traceId);
  return { release: () => held.release(traceId), drop: () => held.drop(traceId) };
};

const spanOn = (span: RecordedSpan, spans: AsyncLocalStorage<CurrentSpan>, heldAs?: HeldTrace): CurrentSpan => {
  const { traceId, spanId, traceFlags } = span.spanContext();
  const isRecorded = (traceFlags & TraceFlags.SAMPLED) !== 0;
  let isEnded = false;
  const self: CurrentSpan = {
    traceparent: `00-${traceId}-${spanId}-${isRecorded ? '01' : '00'}`,
    isRecorded,
    context: trace.setSpan(ROOT_CONTEXT, span),
    hasEnded: () => isEnded,
    set: (attributes) => void span.setAttributes(attributes),
    fail: (reason) => {
      span.setAttribute('error.type', reason);
      span.setStatus({ code: SpanStatusCode.ERROR });
    },
    end: () => {
      if (isEnded) return;
      isEnded = true;
      span.end();
      heldAs?.release();
    },
    drop: () => {
      isEnded = true;
      heldAs?.drop();
    },
    run: (work) => spans.run(self, work),
  };
  return self;
};

/** A context in which spans belong to what `traceparent` names. */
const contextOf = (traceparent: string | null): Context => {
  const parent = traceparent === null ? null : parseTraceParent(traceparent);
  return parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true });
};

const linkTo = (traceparent: string): readonly Link[] => {
  const context = parseTraceParent(traceparent);
  return context === null ? [] : [{ context }];
};

const samplerOf = ({ sampler, ratio }: TracingSettings) => {
  const isParentBased = sampler.startsWith('parentbased_');
  const root = rootSamplerOf(sampler, ratio);
  return isParentBased ? new ParentBasedSampler({ root }) : root;
};

const rootSamplerOf = (sampler: TracingSettings['sampler'], ratio: number) => {
  if (sampler.endsWith('always_on')) return new AlwaysOnSampler();
  return sampler.endsWith('always_off') ? new AlwaysOffSampler() : new TraceIdRatioBasedSampler(ratio);
};

const closeInTime = async (close: () => Promise<void>): Promise<void> => {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), closeTimeoutMs);
  // What could not be sent is said by the exporter, and is no reason to end with a failure.
  await Promise.race([close().catch(() => undefined), late.promise]);
  clearTimeout(timer);
};
