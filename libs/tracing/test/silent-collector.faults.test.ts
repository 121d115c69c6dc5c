import { startOtlpReceiver } from '@guildhall/testkit';
import { startTracer, traced } from '@guildhall/tracing';
import { expect, test } from 'vitest';

test('a collector that does not answer keeps nothing that stops, for longer than its bound', async () => {
  const collector = await startOtlpReceiver();
  collector.refuse('silently');
  const settings = { endpoint: collector.url, headers: {}, sampler: 'always_on', ratio: 1 } as const;
  const log = { info: () => {}, warn: () => {} };
  const stop = await startTracer({ settings, service: 'notes', release: '1.2.3', log });
  expect(
    await traced(
      () => ({ name: 'GET /notes', kind: 'server', parent: null }),
      async () => 'answered',
    ),
  ).toBe('answered');
  await stop();
  expect(collector.spans).toEqual([]);
  await collector.close();
});
