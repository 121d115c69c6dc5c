import type { Span, SpanStart, Tracer } from './tracer.ts';

let active: Tracer | undefined;

/** Makes a tracer that of this process, or none. */
export const activate = (tracer: Tracer | undefined): void => {
  active = tracer;
};

/** The tracer of this process; undefined where traces are not asked for: then nothing here costs more than this question. */
export const activeTracer = (): Tracer | undefined => active;

/** Runs `work` in a span of its own. Without a tracer it is run as it is. */
export const traced = <T>(startOf: () => SpanStart, work: (span?: Span) => Promise<T>): Promise<T> =>
  active === undefined ? work() : inSpan(active, startOf(), work);

/** Like `traced`, for what is of interest only as a part of a trace: outside of one, and in one that is not recorded, `work` is run as it is. */
export const tracedWithin = <T>(startOf: () => SpanStart, work: (span?: Span) => Promise<T>): Promise<T> =>
  active?.current()?.isRecorded === true ? inSpan(active, startOf(), work) : work();

/** Like `tracedWithin`, for work that is done at once. */
export const tracedAtOnce = <T>(startOf: () => SpanStart, work: () => T): T => {
  if (active?.current()?.isRecorded !== true) return work();
  const span = active.begin(startOf());
  try {
    return span.run(work);
  } catch (error) {
    span.fail(reasonOf(error));
    throw error;
  } finally {
    span.end();
  }
};

/**
 * Runs a background job in a trace of its own, which is left out where `hasWorked` says that there was nothing to do: most of what polls finds
 * nothing. Without a tracer `work` is run as it is.
 */
export const tracedJob = async <T>(name: string, work: () => Promise<T>, hasWorked: (result: T) => boolean): Promise<T> => {
  if (active === undefined) return work();
  const span = active.begin({ name, kind: 'internal', parent: null, isHeld: true });
  try {
    const result = await span.run(work);
    if (!hasWorked(result)) span.drop();
    return result;
  } catch (error) {
    span.fail(reasonOf(error));
    throw error;
  } finally {
    span.end();
  }
};

/** The `traceparent` of the current span, where its trace is recorded: what a message carries to whoever takes it later. */
export const currentTraceparent = (): string | null => {
  const span = active?.current();
  return span?.isRecorded === true ? span.traceparent : null;
};

/** Runs `work`, and all that follows from it, as a part of no trace. */
export const untraced = <T>(work: () => T): T => (active === undefined ? work() : active.leave(work));

const inSpan = async <T>(tracer: Tracer, start: SpanStart, work: (span: Span) => Promise<T>): Promise<T> => {
  const span = tracer.begin(start);
  try {
    return await span.run(() => work(span));
  } catch (error) {
    span.fail(reasonOf(error));
    throw error;
  } finally {
    span.end();
  }
};

/** The code of an error, an SQLSTATE for one, or the name of its class: never its message. */
const reasonOf = (error: unknown): string => {
  const { code, name } = Object(error) as { readonly code?: unknown; readonly name?: unknown };
  if (typeof code === 'string' && /^[A-Z0-9_]{2,40}$/.test(code)) return code;
  return typeof name === 'string' ? name : 'Error';
};
