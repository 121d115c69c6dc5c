import { runNode } from '@guildhall/testkit/run-node';
import { expect, test } from 'vitest';

const loadedPackages = async (argument: string): Promise<unknown> => {
  const { stdout, stderr } = await runNode([`${import.meta.dirname}/fixtures/loaded-packages.ts`, argument]);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
};

test('OpenTelemetry is not loaded where no traces are asked for', async () => {
  expect(await loadedPackages('as it is')).toEqual([]);
});

test('OpenTelemetry is loaded where traces are asked for', async () => {
  expect(await loadedPackages('traced')).toEqual(expect.arrayContaining(['exporter-trace-otlp-http', 'sdk-trace']));
});
