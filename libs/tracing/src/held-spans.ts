import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';

/** Spans that wait until it is known whether their trace is of interest. */
export interface HeldSpans extends SpanProcessor {
  /** Holds back every span of a trace that ends from now on. */
  hold(traceId: string): void;
  /** Hands on what was held back of a trace, and each further span at once. */
  release(traceId: string): void;
  /** Leaves out what was held back of a trace. */
  drop(traceId: string): void;
}

/** The spans of one trace that are held back. A trace of more has shown that there was something to do. */
const heldSpansMax = 256;

/** Creates a processor that hands spans on to `next`, those of held traces only once they are released. */
export const createHeldSpans = (next: SpanProcessor): HeldSpans => {
  const held = new Map<string, ReadableSpan[]>();
  const release = (traceId: string): void => {
    const spans = held.get(traceId) ?? [];
    held.delete(traceId);
    for (const span of spans) next.onEnd(span);
  };
  return {
    hold: (traceId) => void held.set(traceId, []),
    release,
    drop: (traceId) => void held.delete(traceId),
    onStart: (span, context) => next.onStart(span, context),
    onEnd: (span) => {
      const { traceId } = span.spanContext();
      const spans = held.get(traceId);
      if (spans === undefined) return next.onEnd(span);
      spans.push(span);
      if (spans.length >= heldSpansMax) release(traceId);
    },
    forceFlush: () => next.forceFlush(),
    shutdown: () => next.shutdown(),
  };
};
