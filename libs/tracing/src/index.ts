export { activeTracer, currentTraceparent, traced, tracedAtOnce, tracedJob, tracedWithin, untraced } from './active-tracer.ts';
export { statementSpan } from './statement-span.ts';
export { startTracer } from './start-tracer.ts';
export type { Span, SpanStart, Tracer } from './tracer.ts';
export { samplers, type TracingSettings } from './tracing-settings.ts';
