import { runNode } from '@guildhall/testkit/run-node';
import { expect, test } from 'vitest';

test('OpenTelemetry is not loaded where no traces are asked for', async () => {
  const { stdout, stderr } = await runNode([`${import.meta.dirname}/fixtures/loaded-packages.ts`]);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    untraced: [],
    traced: expect.arrayContaining(['exporter-trace-otlp-http', 'sdk-trace']) as unknown,
  });
});
