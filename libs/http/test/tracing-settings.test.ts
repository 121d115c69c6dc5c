import { expect, test } from 'vitest';
import { readSettings, readTracing } from '../src/index.ts';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
const read = (env: NodeJS.ProcessEnv) => {
  const settings = readSettings(env);
  const tracing = readTracing(settings);
  settings.finish();
  return tracing;
};

test('traces are made where a collector is named, all of them unless it is said otherwise', () => {
  expect(read({})).toBe(null);
  expect(read({ OTEL_TRACES_SAMPLER: 'always_on' })).toBe(null);
  expect(read(endpoint)).toEqual({
    endpoint: 'http://collector:4318',
    headers: {},
    sampler: 'parentbased_always_on',
    ratio: 1,
  });
  const some = { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '.25' };
  expect(read({ ...endpoint, ...some, OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b%3D,x=1 , ' })).toMatchObject({
    headers: { 'api-key': 'a b=', x: '1' },
    sampler: 'traceidratio',
    ratio: 0.25,
  });
});

test.each([
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4317', 'OTEL_EXPORTER_OTLP_ENDPOINT must be an address that begins with http://'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'secretwithoutname', 'OTEL_EXPORTER_OTLP_HEADERS must be pairs name=value'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'name=secret%0d%0aX: y', 'OTEL_EXPORTER_OTLP_HEADERS must be pairs name=value'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'name=secret%zz', 'OTEL_EXPORTER_OTLP_HEADERS must be pairs name=value'],
  ['OTEL_TRACES_SAMPLER', 'sometimes', 'OTEL_TRACES_SAMPLER must be one of always_on'],
  ['OTEL_TRACES_SAMPLER_ARG', '1.5', 'OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1.'],
])('%s=%s is refused by name, and never shown where it may be a secret', (name, value, fault) => {
  expect(() => read({ ...endpoint, [name]: value })).toThrow(fault);
  expect(() => read({ ...endpoint, [name]: value })).not.toThrow('secret');
});
