import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { expect, it } from 'vitest';
import { createHttpServer, createMetrics, listen } from '../src/index.ts';
import { memoryLog } from './fixtures/notes-app.ts';

const stops = 40;
const workMs = 2;

/** A server whose answers keep the event loop busy, so that connections are made while it works. */
const buildBusyApp = (): FastifyInstance => {
  const { log } = memoryLog();
  const app = createHttpServer({ log, metrics: createMetrics('busy'), readiness: () => ({ isReady: true }) });
  app.get('/v1/works', { config: { access: { kind: 'public' } } }, async () => {
    const begun = performance.now();
    while (performance.now() - begun < workMs);
    return {};
  });
  return app;
};

it('a busy server that stops resets hardly a connection, which would tell its client nothing: some are refused, all others are answered', async () => {
  let app = buildBusyApp();
  const port = Number(new URL(await listen(app, { host: '127.0.0.1', port: 0 })).port);
  const clients = fork(new URL('fixtures/connecting.ts', import.meta.url), [String(port), '8']);
  for (let stop = 0; stop < stops; stop += 1) {
    await delay(100);
    await app.close();
    app = buildBusyApp();
    await listen(app, { host: '127.0.0.1', port });
  }
  clients.send('end');
  const [{ answered, lost }] = (await once(clients, 'message')) as [{ readonly answered: number; readonly lost: number }];
  await app.close();
  // Were it to stop after a turn without a new connection, however long, it would be ten to twenty.
  expect(lost).toBeLessThanOrEqual(4);
  expect(answered).toBeGreaterThan(10 * stops);
}, 60_000);
