import { samplers, type TracingSettings } from '@guildhall/tracing';
import { httpSchemes, type EnvironmentSettings } from './environment.ts';

export type { TracingSettings } from '@guildhall/tracing';

/** Reads where traces are sent to and which are made, by the settings of OpenTelemetry; null: none. Faults are collected with the others. */
export const readTracing = (settings: EnvironmentSettings): TracingSettings | null => {
  const endpoint = settings.address('OTEL_EXPORTER_OTLP_ENDPOINT', httpSchemes);
  const headers = settings.read(() => parseHeaders(settings.optional('OTEL_EXPORTER_OTLP_HEADERS') ?? ''), {});
  const sampler = settings.oneOf('OTEL_TRACES_SAMPLER', samplers, 'parentbased_always_on');
  const ratio = settings.read(() => parseRatio(settings.optional('OTEL_TRACES_SAMPLER_ARG') ?? '1'), 1);
  return endpoint === null ? null : { endpoint, headers, sampler, ratio };
};

const parseHeaders = (list: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    list
      .split(',')
      .filter((pair) => pair.trim() !== '')
      .map(parseHeader),
  );

/** One header as W3C Baggage writes a pair. What is wrong with it is not shown: it may be a secret. */
const parseHeader = (pair: string): readonly [string, string] => {
  const [, name, value] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*([!-~]*)\s*$/.exec(pair) ?? [];
  const decoded = value === undefined ? null : decode(value);
  if (name === undefined || decoded === null)
    throw new Error('OTEL_EXPORTER_OTLP_HEADERS must be pairs name=value with commas between them, the values percent-encoded.');
  return [name, decoded];
};

const decode = (text: string): string | null => {
  try {
    const decoded = decodeURIComponent(text);
    return /^[\t -~]*$/.test(decoded) ? decoded : null;
  } catch {
    return null;
  }
};

const parseRatio = (text: string): number => {
  const ratio = /^[0-9]*\.?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (!(ratio >= 0 && ratio <= 1)) throw new Error('OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1.');
  return ratio;
};
