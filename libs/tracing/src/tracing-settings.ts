/** The samplers by the names that OpenTelemetry gives them for `OTEL_TRACES_SAMPLER`. */
export const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
export type Sampler = (typeof samplers)[number];

export interface TracingSettings {
  /** The address of a collector that takes OTLP by HTTP: traces go to `/v1/traces` under it. */
  readonly endpoint: string;
  /** Headers of each request to it. They may hold a secret. */
  readonly headers: Readonly<Record<string, string>>;
  readonly sampler: Sampler;
  /** The share of traces that `traceidratio` takes, 0 to 1. */
  readonly ratio: number;
}
