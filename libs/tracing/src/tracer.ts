/** The attributes of a span, by the names of OpenTelemetry's semantic conventions. Never a secret, a value of a statement, or anything of a person. */
export type Attributes = Readonly<Record<string, string | number>>;

export type SpanKind = 'server' | 'client' | 'producer' | 'consumer' | 'internal';

export interface SpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes?: Attributes;
  /**
   * The span that it belongs to: the `traceparent` (W3C Trace Context) of another process, or null for a trace of its own, which a malformed
   * one begins, too. Absent: the current span.
   */
  readonly parent?: string | null;
  /** The `traceparent` of each span that it has to do with and does not belong to. */
  readonly links?: readonly string[];
  /** True: it begins a trace of which nothing is sent before it ends, and nothing at all when it is dropped. */
  readonly isHeld?: boolean;
}

/** One step of a trace, until it is ended. */
export interface Span {
  /** The `traceparent` by which another process continues the trace from here. */
  readonly traceparent: string;
  /** False: the sampler has left this trace out, and only passes its id on. */
  readonly isRecorded: boolean;
  set(attributes: Attributes): void;
  /** Marks it as failed. `reason` is a word of a closed list: a message may hold anything. */
  fail(reason: string): void;
  end(): void;
  /** Ends a held span: it and what belongs to it are not sent. */
  drop(): void;
  /** Runs `work`, and all that follows from it, with this span as the current one. */
  run<T>(work: () => T): T;
}

export interface Tracer {
  begin(start: SpanStart): Span;
  /** The span that this code runs in; undefined without one, and where it has ended. */
  current(): Span | undefined;
  /** Runs `work`, and all that follows from it, without a current span. */
  leave<T>(work: () => T): T;
  /** Sends what has ended, for a bounded time. */
  close(): Promise<void>;
}
