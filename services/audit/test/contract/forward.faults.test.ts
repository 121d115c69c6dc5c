import { afterEach, expect, test, vi } from 'vitest';
import { createLog } from '@guildhall/http';
import { waitFor, testKey } from '@guildhall/testkit';
import { start as startAudit } from '../../src/wire.ts';
import { eventOf, startFixture, storedOf, type Fixture } from './fixture.ts';
import { expectedSignature, openReceiver, type Receiver } from './receiver.ts';

const secret = Buffer.from(testKey(11)).toString('base64');
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const startReceiver = async (port?: number): Promise<Receiver> => {
  const receiver = await openReceiver(port);
  closing.push(receiver.close);
  return receiver;
};
const start = async (receiver: Pick<Receiver, 'url'>): Promise<Fixture> => {
  const fixture = await startFixture({ env: { FORWARD_URL: receiver.url, FORWARD_SECRET: secret } });
  closing.push(fixture.close);
  return fixture;
};
const reportMany = async ({ report }: Fixture, count: number) => {
  const events = Array.from({ length: count }, () => eventOf());
  for (let from = 0; from < count; from += 200) await report(...events.slice(from, from + 200));
  return events;
};
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const takenBy = ({ received }: Receiver): number[] => received.flatMap(({ indexes }) => indexes);
const saidOf = ({ lines }: Fixture, words: string): string[] => lines.filter((line) => line.includes(words));

test('forwarding sends every event in the order of the log, in signed batches of at most 100, and tells how far it is', async () => {
  const receiver = await startReceiver();
  const fixture = await start(receiver);
  const events = await reportMany(fixture, 250);
  await waitFor(() => takenBy(receiver).length >= 250, { what: 'every event to arrive' });
  expect(takenBy(receiver)).toEqual(upTo(250));
  const sent = receiver.received.flatMap((delivery) => delivery.events).toSorted((one, other) => one.id.localeCompare(other.id));
  const place = { leafIndex: expect.any(Number) as number, leafHash: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/) as string };
  const told = events.toSorted((one, other) => one.id.localeCompare(other.id));
  expect(sent).toEqual(told.map((event) => ({ ...(storedOf(event) as object), ...place })));
  for (const delivery of receiver.received) {
    expect(delivery.indexes.length).toBeLessThanOrEqual(100);
    expect([delivery.first, delivery.last]).toEqual([delivery.indexes[0], delivery.indexes.at(-1)]);
    expect(delivery.headers['webhook-signature']).toBe(expectedSignature(delivery, secret));
    expect(Math.abs(Number(delivery.headers['webhook-timestamp']) - Date.now() / 1_000)).toBeLessThan(60);
    expect(delivery.headers['content-type']).toBe('application/json');
  }
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(receiver.received.length);
  await waitFor(async () => (await fixture.metric('audit_forward_lag_events')) === 0, { what: 'the lag to be told' });
  expect(await fixture.metric('audit_forward_lag_seconds')).toBe(0);
  expect(await fixture.metric('audit_forward_batches_total')).toBe(receiver.received.length);
  expect(await fixture.metric('audit_forward_failures_total')).toBe(0);
});

test('a batch that was refused is sent again with the same id and the same body before the next, and said once', async () => {
  const receiver = await startReceiver();
  let refusals = 2;
  receiver.answers((response) => {
    refusals -= 1;
    if (refusals === 1) response.writeHead(307, { location: `http://127.0.0.1:${receiver.port}/elsewhere` }).end();
    else response.writeHead(refusals === 0 ? 503 : 200).end('no word of this is read');
  });
  const fixture = await start(receiver);
  await reportMany(fixture, 3);
  await waitFor(() => receiver.received.length >= 3, { what: 'the third try' });
  await reportMany(fixture, 2);
  await waitFor(() => takenBy(receiver).at(-1) === 4, { what: 'the later events' });
  const [first, second, third] = receiver.received;
  expect([second?.id, third?.id]).toEqual([first?.id, first?.id]);
  expect([second?.text, third?.text]).toEqual([first?.text, first?.text]);
  expect(receiver.received.map(({ path }) => path)).toEqual(receiver.received.map(() => '/audit?token=in-the-address'));
  expect(await fixture.metric('audit_forward_failures_total')).toBe(2);
  const said = saidOf(fixture, 'could not be forwarded');
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('The receiver answered 307: redirects are not followed.');
  await waitFor(() => saidOf(fixture, 'are forwarded again').length === 1, { what: 'the recovery to be said' });
  expect(fixture.lines.join('')).not.toContain(secret);
  expect(fixture.lines.join('')).not.toContain('in-the-address');
});

test('a clock that is set back an hour holds up nothing', async () => {
  const receiver = await startReceiver();
  receiver.answers((response) => {
    // What is set is the time of day, and no timer.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
    response.writeHead(receiver.received.length > 1 ? 204 : 503).end();
  });
  closing.push(async () => void vi.useRealTimers());
  const fixture = await start(receiver);
  await reportMany(fixture, 3);
  await waitFor(() => receiver.received.length > 1, { what: 'the second try' });
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
});

test('a receiver that is away for long holds up nothing, and gets everything in order when it is back', async () => {
  const away = await openReceiver();
  await away.close();
  const fixture = await start(away);
  await reportMany(fixture, 1_200);
  await waitFor(async () => (await fixture.metric('audit_forward_failures_total')) >= 2, { what: 'failures to be counted' });
  expect(await fixture.metric('audit_forward_lag_events')).toBe(1_200);
  expect(await fixture.metric('audit_forward_lag_seconds')).toBeGreaterThan(0);
  expect((await fixture.read('/v1/audit/events?limit=1')).status).toBe(200);
  expect(saidOf(fixture, 'could not be forwarded')).toHaveLength(1);
  const receiver = await startReceiver(away.port);
  await waitFor(() => takenBy(receiver).length >= 1_200, { what: 'every event to arrive' });
  expect(takenBy(receiver)).toEqual(upTo(1_200));
});

test('of two replicas one sends, and the other goes on where it ended', async () => {
  const receiver = await startReceiver();
  const fixture = await start(receiver);
  await reportMany(fixture, 10);
  await waitFor(() => takenBy(receiver).length >= 10, { what: 'the first events' });
  const other = await startAudit(fixture.config, createLog({ service: 'audit', level: 'silent' }));
  closing.push(() => other.close());
  await waitFor(async () => (await fetch(`${other.url}/readyz`)).ok, { what: 'the replica to be ready' });
  await reportMany(fixture, 150);
  await waitFor(() => takenBy(receiver).length >= 160, { what: 'the next events' });
  await fixture.report(eventOf());
  await fixture.stop();
  await waitFor(() => takenBy(receiver).length >= 161, { what: 'the other replica to send' });
  expect(takenBy(receiver)).toEqual(upTo(161));
});

test('410 Gone pauses forwarding for an hour with a line at level error and a metric, while the lag goes on being told', async () => {
  const receiver = await startReceiver();
  receiver.answers((response) => void response.writeHead(410).end());
  const fixture = await start(receiver);
  await reportMany(fixture, 2);
  await waitFor(() => saidOf(fixture, '410 Gone').length === 1, { what: 'the end to be said' });
  await reportMany(fixture, 3);
  await waitFor(async () => (await fixture.metric('audit_forward_lag_events')) === 5, { what: 'the lag to grow' });
  expect(receiver.received).toHaveLength(1);
  expect(await fixture.metric('audit_forward_gone')).toBe(1);
  expect(JSON.parse(saidOf(fixture, '410 Gone')[0] ?? '')).toMatchObject({ level: 50 });
});
