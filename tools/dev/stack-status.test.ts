import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startOf } from './process-start.ts';
import type { RunningStack } from './running.ts';
import { shownDuration, statusOf } from './stack-status.ts';

let folder: string;
let server: Server;
let url: string;
/** The status and the body that the stand-in of a service answers. */
let answer: readonly [number, unknown];
const since = '2026-03-01T10:00:00.000Z';
const now = Date.parse('2026-03-01T10:03:20.000Z');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-status-'));
  server = createServer((_request, response) => response.writeHead(answer[0]).end(JSON.stringify(answer[1])));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

const running = (mode: 'solo' | 'team', more: Partial<RunningStack> = {}): RunningStack => {
  const known = { pid: process.pid, startedAt: startOf(process.pid) ?? '' };
  return { ...known, mode, gateway: url, services: { gateway: { ...known, url, since, starts: 1 } }, ...more };
};
const said = async (stack: RunningStack) => (await statusOf(folder, stack, now)).map(({ isWell, text }) => [isWell, text]);
const here = () => `${url}  process ${process.pid} for 3 minutes`;

test.each([
  ['team', 200, { isReady: true, sharedDatabase: { status: 'ready' } }, true, 'ready'],
  ['solo', 200, { isReady: true, sharedDatabase: { status: 'not_configured' } }, true, 'ready'],
  [
    'team',
    200,
    { isReady: true, sharedDatabase: { status: 'not_configured' } },
    false,
    'not well (shared database not_configured)',
  ],
  [
    'team',
    503,
    { isReady: false, sharedDatabase: { status: 'unavailable', detail: 'no route' } },
    false,
    'not well (shared database unavailable: no route)',
  ],
  [
    'team',
    200,
    { isReady: true, sharedDatabase: { status: 'ready' }, faults: [{ name: 'signing', reason: 'the key is gone', since }] },
    false,
    'not well (signing: the key is gone)',
  ],
  ['team', 503, { isReady: false }, false, 'not well (shared database not_configured)'],
  [
    'team',
    503,
    { isReady: false, reason: 'it is not known yet how auth is', sharedDatabase: { status: 'connecting' } },
    false,
    'not well (it is not known yet how auth is; shared database connecting)',
  ],
  ['team', 404, { title: 'Not found' }, false, 'it answers 404 with something else'],
] as const)('a process in %s mode that answers %i %j is said to be well: %s, %s', async (mode, status, body, isWell, text) => {
  answer = [status, body];
  expect(await said(running(mode))).toEqual([[isWell, `${here()}: ${text}`]]);
});

test('one that does not answer, one that has ended, and one that was started again are named so', async () => {
  answer = [200, { isReady: true, sharedDatabase: { status: 'ready' } }];
  const { gateway } = running('team').services;
  if (gateway === undefined) throw new Error('There is no gateway.');
  const services = {
    auth: { ...gateway, starts: 2 },
    audit: { ...gateway, startedAt: 'another time', starts: 3 },
    'team-resources': { ...gateway, url: 'http://127.0.0.1:1' },
  };
  expect(await said(running('team', { services, hasEmbeddedPostgres: true }))).toEqual([
    [true, `${here()}, started 2 times: ready`],
    [false, `${url}  away: process ${process.pid} has ended, started 3 times`],
    [false, expect.stringMatching(/^http:\/\/127\.0\.0\.1:1 {2}process \d+ for 3 minutes: it does not answer: /)],
    [false, 'away'],
  ]);
});

test.each([
  [-5, '0 seconds'],
  [1_000, '1 second'],
  [59_999, '59 seconds'],
  [60_000, '1 minute'],
  [7_200_000, '2 hours'],
  [90_000_000, '1 day'],
])('%i ms are %s', (ms, text) => {
  expect(shownDuration(ms)).toBe(text);
});
