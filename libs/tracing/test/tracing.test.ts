import { startOtlpReceiver, type OtlpReceiver } from '@guildhall/testkit';
import {
  currentTraceparent,
  startTracer,
  traced,
  tracedAtOnce,
  tracedJob,
  tracedWithin,
  untraced,
  type TracingSettings,
} from '@guildhall/tracing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let collector: OtlpReceiver;
const logged: string[] = [];
const log = {
  info: (_: object, line: string) => void logged.push(line),
  warn: (_: object, line: string) => void logged.push(line),
};
let stop: (() => Promise<void>) | undefined;

beforeEach(async () => {
  collector = await startOtlpReceiver();
  logged.length = 0;
});
afterEach(async () => {
  await stop?.();
  stop = undefined;
  await collector.close();
});

const begin = async (settings: Partial<TracingSettings> = {}): Promise<void> => {
  const all = { endpoint: collector.url, headers: {}, sampler: 'parentbased_always_on', ratio: 1, ...settings } as const;
  stop = await startTracer({ settings: all, service: 'notes', release: '1.2.3', log });
};
/** Ends tracing, by which everything is sent. */
const end = async (): Promise<void> => {
  await stop?.();
  stop = undefined;
};

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentId = '00f067aa0ba902b7';
const given = `00-${traceId}-${parentId}-01`;
const server = (parent: string | null) => () => ({ name: 'GET /notes', kind: 'server', parent }) as const;
const client = () => ({ name: 'SELECT', kind: 'client' }) as const;
const transaction = () => ({ name: 'TRANSACTION', kind: 'client' }) as const;
const countedBy = (count: number) => (): Promise<number> => tracedWithin(client, async () => count);
const hasWorked = (count: number): boolean => count > 0;

describe('a trace', () => {
  test('continues the one that is named, and what is done within a span belongs to it', async () => {
    await begin();
    const inside = await traced(server(given), async () => {
      await Promise.resolve();
      return tracedWithin(client, async (span) => span?.traceparent);
    });
    await end();
    const [statement, request] = collector.spans;
    expect(request).toMatchObject({ service: 'notes', kind: 'server', traceId, parentId, hasFailed: false });
    expect(statement).toMatchObject({ kind: 'client', traceId, parentId: request?.spanId });
    expect(inside).toBe(`00-${traceId}-${statement?.spanId}-01`);
  });

  test.each([null, 'nonsense', `00-${'0'.repeat(32)}-${parentId}-01`])('begins anew where %j is named', async (parent) => {
    await begin();
    await traced(server(parent), async () => {});
    await end();
    expect(collector.spans).toMatchObject([{ parentId: '', traceId: expect.not.stringContaining(traceId) }]);
  });

  test('takes nothing in that happens outside of it, or after its span has ended', async () => {
    await begin();
    const late = Promise.withResolvers<undefined>();
    let after: Promise<unknown> = Promise.resolve();
    await tracedWithin(client, async () => {});
    await traced(server(given), async () => {
      after = late.promise.then(() => tracedWithin(client, async () => currentTraceparent()));
      expect(untraced(currentTraceparent)).toBe(null);
    });
    late.resolve(undefined);
    expect(await after).toBe(null);
    await end();
    expect(collector.spans.map(({ name }) => name)).toEqual(['GET /notes']);
  });

  test('says of a failure its code, or the name of its class, and never its message', async () => {
    await begin();
    const secret = 'the password was hunter2';
    for (const error of [Object.assign(new Error(secret), { code: '23505' }), new RangeError(secret)])
      await expect(traced(server(null), () => Promise.reject(error))).rejects.toBe(error);
    await end();
    expect(collector.spans.map(({ attributes, hasFailed }) => [attributes['error.type'], hasFailed])).toEqual([
      ['23505', true],
      ['RangeError', true],
    ]);
    expect(collector.bodies.join('')).not.toContain('hunter2');
  });
});

describe('a background job', () => {
  test('is a trace of its own, with what it did, where it had something to do', async () => {
    await begin();
    expect(await traced(server(given), () => tracedJob('purge', countedBy(3), hasWorked))).toBe(3);
    await end();
    const job = collector.spans.find(({ name }) => name === 'purge');
    expect(job).toMatchObject({ kind: 'internal', parentId: '', traceId: expect.not.stringContaining(traceId) });
    expect(collector.spans.filter(({ parentId: parent }) => parent === job?.spanId)).toMatchObject([{ name: 'SELECT' }]);
    expect(collector.spans.filter((span) => span.traceId === traceId).map(({ name }) => name)).toEqual(['GET /notes']);
  });

  test('leaves nothing where it found nothing to do, and its failure is told', async () => {
    await begin();
    for (let run = 0; run < 3; run += 1) await tracedJob('purge', countedBy(0), hasWorked);
    const broken = tracedJob(
      'relay',
      () => tracedWithin(client, () => Promise.reject(new RangeError('no'))),
      () => false,
    );
    await expect(broken).rejects.toThrow('no');
    await end();
    expect(collector.spans.map(({ name, hasFailed }) => [name, hasFailed])).toEqual([
      ['SELECT', true],
      ['relay', true],
    ]);
  });

  test('of many steps is told of while it runs, and is left out where its sampler says so', async () => {
    await begin();
    const manySteps = async (): Promise<number> => {
      for (let step = 0; step < 300; step += 1) await countedBy(1)();
      return 0;
    };
    await tracedJob('walk', manySteps, hasWorked);
    await end();
    expect(collector.spans.filter(({ name }) => name === 'SELECT').length).toBeGreaterThanOrEqual(256);
    await begin({ sampler: 'parentbased_traceidratio', ratio: 0 });
    const before = collector.spans.length;
    await tracedJob('purge', countedBy(3), hasWorked);
    await end();
    expect(collector.spans.length).toBe(before);
  });

  test('runs as it is without a tracer', async () => {
    expect(await tracedJob('purge', async () => 3, hasWorked)).toBe(3);
    expect(tracedAtOnce(client, () => 4)).toBe(4);
  });
});

test('work that is done at once is a span within its trace, with its failure', async () => {
  await begin();
  tracedAtOnce(client, () => undefined);
  const change = async (): Promise<void> =>
    tracedAtOnce(transaction, () => {
      tracedAtOnce(client, () => 1);
      throw Object.assign(new Error('secret'), { code: 'SQLITE_FULL' });
    });
  await expect(traced(server(given), change)).rejects.toThrow('secret');
  await end();
  const [statement, whole, request] = collector.spans;
  expect([statement?.parentId, whole?.parentId]).toEqual([whole?.spanId, request?.spanId]);
  expect(whole).toMatchObject({ name: 'TRANSACTION', hasFailed: true, attributes: { 'error.type': 'SQLITE_FULL' } });
  expect(collector.spans).toHaveLength(3);
});

describe('a sampler', () => {
  const notSampled = given.replace(/01$/, '00');
  test.each([
    ['parentbased_always_on', 1, null, true],
    ['parentbased_always_on', 1, notSampled, false],
    ['parentbased_traceidratio', 0, null, false],
    ['parentbased_traceidratio', 0, given, true],
    ['traceidratio', 0, given, false],
    ['traceidratio', 1, notSampled, true],
    ['always_on', 1, notSampled, true],
    ['always_off', 1, given, false],
  ] as const)('%s with %d takes a request with %s: %s', async (sampler, ratio, parent, isTaken) => {
    await begin({ sampler, ratio });
    const sent = await traced(server(parent), async (span) => {
      await tracedWithin(client, async () => {});
      return span?.traceparent.slice(-2);
    });
    expect(sent).toBe(isTaken ? '01' : '00');
    await end();
    expect(collector.spans).toHaveLength(isTaken ? 2 : 0);
  });
});

describe('the collector', () => {
  test('is sent the headers of the settings', async () => {
    await begin({ headers: { 'x-api-key': 'k1' } });
    await traced(server(null), async () => {});
    await end();
    expect(collector.headers()).toMatchObject({ 'x-api-key': 'k1', 'content-type': 'application/json' });
  });

  test('may refuse: that is said once, and nothing fails', async () => {
    await begin();
    collector.refuse('with 400');
    await traced(server(null), async () => {});
    await end();
    expect(logged).toEqual(['traces cannot be sent; they are left out']);
  });
});

test('without a tracer work is run as it is', async () => {
  expect(await traced(server(given), async (span) => span)).toBe(undefined);
  expect(await tracedWithin(client, async (span) => span)).toBe(undefined);
  expect(currentTraceparent()).toBe(null);
});
