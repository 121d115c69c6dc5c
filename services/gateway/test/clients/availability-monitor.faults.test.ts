import { startServerThread, waitFor } from '@guildhall/testkit';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { createAvailabilityMonitor, type AvailabilityMonitor } from '../../src/clients/availability-monitor.ts';
import { catchLog, type CaughtLine } from '../support/log-catcher.ts';
import { sendJson, startStandIn, type StandIn, type StandInAnswer } from '../support/stand-in.ts';

let service: StandIn;
let answer: StandInAnswer;
let asked: number;
let monitor: AvailabilityMonitor;
let isClosed: boolean;
let lines: CaughtLine[];
let clockMs: number;

const says =
  (state: object, status = 200): StandInAnswer =>
  (_request, response) =>
    sendJson(response, status, state);
const ready = says({ isReady: true, sharedDatabase: { status: 'ready' } });
const onDatabase = (configurationId: string): StandInAnswer =>
  says({ isReady: true, sharedDatabase: { status: 'ready', source: 'installation', configurationId } });

beforeEach(async () => {
  answer = ready;
  asked = 0;
  clockMs = 0;
  isClosed = false;
  service = await startStandIn((request, response) => {
    if (request.url === '/readyz') asked += 1;
    return answer(request, response);
  });
  const caught = catchLog();
  lines = caught.lines;
  const services = { auth: service.url, 'team-resources': service.url, audit: service.url };
  monitor = createAvailabilityMonitor({ services, log: caught.log, monotonicMs: () => clockMs, now: () => new Date() });
});
afterEach(async () => {
  if (!isClosed) await monitor.close();
  await service.stop();
});

const becomes = (status: string) => waitFor(() => monitor.statusOf('auth').status === status, { what: status, timeoutMs: 5_000 });

test('at first a service is connecting, then what it says of itself', async () => {
  expect(monitor.statusOf('auth')).toEqual({ status: 'connecting' });
  await becomes('ready');
});

test.each([
  [says({ isReady: false, sharedDatabase: { status: 'not_configured' } }, 503), 'not_configured'],
  [says({ isReady: false, sharedDatabase: { status: 'unavailable', detail: 'migrations pending' } }, 503), 'unavailable'],
  [says({ isReady: true }), 'unreachable'],
  [says({ isReady: true, sharedDatabase: { status: 'splendid' } }), 'unreachable'],
  [(_request, response) => response.writeHead(502).end('Bad Gateway'), 'unreachable'],
  [(request) => request.socket.destroy(), 'unreachable'],
] satisfies [StandInAnswer, string][])('an answer is read as it is meant (%#: %s)', async (next, status) => {
  await becomes('ready');
  answer = next;
  monitor.refresh('auth');
  await becomes(status);
  answer = ready;
  monitor.refresh('auth');
  await becomes('ready');
  expect(monitor.statusOf('auth')).toEqual({ status: 'ready' });
});

test('a service that died is noticed, and one that came back', async () => {
  await waitFor(() => monitor.statusOf('audit').status === 'ready');
  await service.stop();
  await waitFor(() =>
    (['auth', 'team-resources', 'audit'] as const).every((name) => monitor.statusOf(name).status === 'unreachable'),
  );
  await service.restart();
  await waitFor(() => monitor.statusOf('audit').status === 'ready');
  expect(lines.filter(({ of }) => of === 'audit')).toHaveLength(3);
});

test('a kept connection that the service closes as it is asked is no outage: it is asked again on a new one', async () => {
  await becomes('ready');
  const cut = new Set<string>();
  answer = (request, response) => {
    const own = `${request.socket.remotePort}`;
    // A connection that was there before ends with its next question, as those of a replica that stops.
    if (cut.size < 3 && !cut.has(own)) {
      cut.add(own);
      return void request.socket.destroy();
    }
    return ready(request, response);
  };
  for (const name of ['auth', 'team-resources', 'audit'] as const) monitor.refresh(name);
  await waitFor(() => cut.size === 3, { what: 'the connections to be cut', timeoutMs: 5_000 });
  monitor.refresh('auth');
  const before = asked;
  await waitFor(() => asked > before, { what: 'the next poll', timeoutMs: 5_000 });
  expect(lines.filter(({ to }) => to === 'unreachable')).toEqual([]);
});

test('a service that leaves a poll open and answers a request meanwhile is there; without one it is not', async () => {
  await becomes('ready');
  let leftOpen = 0;
  answer = () => void (leftOpen += 1);
  clockMs += 1;
  for (const name of ['auth', 'audit'] as const) monitor.refresh(name);
  await waitFor(() => leftOpen >= 2, { what: 'the polls' });
  monitor.heard('auth');
  await waitFor(() => monitor.statusOf('audit').status === 'unreachable', { timeoutMs: 5_000 });
  expect(lines.filter(({ of, to }) => of === 'auth' && to === 'unreachable')).toEqual([]);
});

test('a service that accepts and never answers is noticed with the first question that it leaves open', async () => {
  await becomes('ready');
  let leftOpen = 0;
  const before = { asked };
  answer = () => void (leftOpen += 1);
  monitor.refresh('auth');
  await becomes('unreachable');
  // Three services are asked; none of them twice before it is noticed.
  expect([asked - before.asked === leftOpen, leftOpen <= 3]).toEqual([true, true]);
});

test('a service that is silent while it starts is not known yet: who waits for the first polls waits until it answers', async () => {
  let isKnown = false;
  answer = () => undefined;
  const starting = createAvailabilityMonitor({
    services: { auth: service.url, 'team-resources': service.url, audit: service.url },
    log: catchLog().log,
    monotonicMs: () => clockMs,
    now: () => new Date(),
  });
  onTestFinished(() => starting.close());
  const known = starting.polled('auth').then(() => (isKnown = true));
  await waitFor(() => starting.statusOf('auth').status === 'unreachable', { timeoutMs: 10_000 });
  expect(isKnown).toBe(false);
  answer = ready;
  await known;
  expect(starting.statusOf('auth')).toEqual({ status: 'ready' });
});

test('a service that answered while the gateway itself was too busy to read it is not unreachable', async () => {
  const auth = await startServerThread({ isReady: true, sharedDatabase: { status: 'ready' } });
  const caught = catchLog();
  const services = { auth: auth.url, 'team-resources': service.url, audit: service.url };
  const busy = createAvailabilityMonitor({ services, log: caught.log, monotonicMs: () => clockMs, now: () => new Date() });
  onTestFinished(async () => {
    await busy.close();
    await auth.stop();
  });
  await auth.arrived();
  // Longer than a poll may take.
  auth.answerWhileBlocked(1_100);
  await waitFor(() => caught.lines.some(({ of }) => of === 'auth'));
  expect(caught.lines.find(({ of }) => of === 'auth')).toMatchObject({ from: 'connecting', to: 'ready' });
});

test('a change is one line in the log, however long a state lasts', async () => {
  await becomes('ready');
  answer = says({ isReady: false, sharedDatabase: { status: 'unavailable' } }, 503);
  for (const name of ['auth', 'team-resources', 'audit'] as const) monitor.refresh(name);
  await becomes('unavailable');
  const before = asked;
  for (let round = 1; round <= 3; round += 1) {
    monitor.refresh('auth');
    await waitFor(() => asked >= before + round);
  }
  const changes = lines.filter(({ of }) => of === 'auth').map(({ from, to }) => [from, to]);
  expect(changes).toEqual([
    ['connecting', 'ready'],
    ['ready', 'unavailable'],
  ]);
});

test('a service that refuses for the shared database is taken at its word at once, until the look that follows', async () => {
  await becomes('ready');
  monitor.begin('auth')('SHARED_DB_UNAVAILABLE');
  expect(monitor.statusOf('auth')).toMatchObject({ status: 'unavailable' });
  await becomes('ready');
  clockMs += 1_000;
  monitor.begin('auth')('NOT_CONFIGURED');
  expect(monitor.statusOf('auth')).toMatchObject({ status: 'not_configured' });
});

test('a look that began before the refusal does not undo it', async () => {
  await becomes('ready');
  const gates: (() => void)[] = [];
  answer = (request, response) => void gates.push(() => void ready(request, response));
  monitor.refresh('auth');
  await waitFor(() => gates.length > 0);
  monitor.begin('auth')('SHARED_DB_UNAVAILABLE');
  answer = says({ isReady: false, sharedDatabase: { status: 'unavailable', detail: 'no connection' } }, 503);
  for (const open of gates) open();
  await waitFor(() => monitor.statusOf('auth').detail === 'no connection');
  expect(lines.filter(({ of }) => of === 'auth').map(({ to }) => to)).toEqual(['ready', 'unavailable']);
});

test('a refusal of a request that began before the recovery does not undo it', async () => {
  await becomes('ready');
  const lateRefusal = monitor.begin('auth');
  monitor.begin('auth')('SHARED_DB_UNAVAILABLE');
  expect(monitor.statusOf('auth').status).toBe('unavailable');
  await becomes('ready');
  clockMs += 1_000;
  const before = asked;
  lateRefusal('SHARED_DB_UNAVAILABLE');
  expect(monitor.statusOf('auth')).toEqual({ status: 'ready' });
  await waitFor(() => asked > before, { what: 'a check at once all the same' });
});

test('nor does that of a request to the former database, after a move that happened between two looks', async () => {
  answer = onDatabase('one');
  monitor.refresh('auth');
  await waitFor(() => monitor.statusOf('auth').configurationId === 'one');
  const lateRefusal = monitor.begin('auth');
  answer = onDatabase('two');
  monitor.refresh('auth');
  await waitFor(() => monitor.statusOf('auth').configurationId === 'two');
  lateRefusal('SHARED_DB_UNAVAILABLE');
  expect(monitor.statusOf('auth')).toMatchObject({ status: 'ready', configurationId: 'two' });
});

test.each(['SERVICE_UNAVAILABLE', 'RATE_LIMITED', 'INTERNAL', 'whatever'])(
  'a refusal with %s says nothing of it',
  async (code) => {
    await becomes('ready');
    monitor.begin('auth')(code);
    expect(monitor.statusOf('auth')).toEqual({ status: 'ready' });
  },
);

test('queries that fail where looks do not open it once a second, and are no flood of lines', async () => {
  await becomes('ready');
  monitor.begin('auth')('SHARED_DB_UNAVAILABLE');
  await becomes('ready');
  for (clockMs = 1; clockMs < 1_000; clockMs += 100) {
    monitor.begin('auth')('SHARED_DB_UNAVAILABLE');
    expect(monitor.statusOf('auth').status).toBe('ready');
  }
  expect(lines.filter(({ of }) => of === 'auth')).toHaveLength(3);
});

test('who listens is told of what became another, of nothing else', async () => {
  // Also the others: what they become first would be counted, too.
  const names = ['auth', 'team-resources', 'audit'] as const;
  await waitFor(() => names.every((name) => monitor.statusOf(name).status === 'ready'), { what: 'all three to be ready' });
  let changes = 0;
  monitor.onChange(() => (changes += 1));
  const toldOf = { status: 'ready', source: 'installation', configurationId: 'one' };
  answer = says({ isReady: true, sharedDatabase: toldOf });
  for (const name of names) monitor.refresh(name);
  await waitFor(() => changes === 3);
  const before = asked;
  monitor.refresh('auth');
  await waitFor(() => asked > before);
  answer = says({ isReady: true, sharedDatabase: { ...toldOf, configurationId: 'two' } });
  monitor.refresh('audit');
  await waitFor(() => monitor.statusOf('audit').configurationId === 'two');
  expect(changes).toBeLessThanOrEqual(6);
});

test('after closing nobody is asked any more', async () => {
  await becomes('ready');
  await monitor.close();
  isClosed = true;
  const before = asked;
  monitor.refresh('auth');
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toBe(before);
});
