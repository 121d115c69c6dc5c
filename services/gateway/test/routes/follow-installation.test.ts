import { once } from 'node:events';
import { connect } from 'node:net';
import { createHttpServer, createLog, createMetrics, listen } from '@guildhall/http';
import { waitFor } from '@guildhall/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { addFollowRoute } from '../../src/routes/follow-installation.ts';

test('a client that went away while it was being admitted follows nothing, and takes up no room', async () => {
  let following = 0;
  let admitted = 0;
  const arrived = Promise.withResolvers<undefined>();
  const app = createHttpServer({
    log: createLog({ service: 'gateway', level: 'silent' }),
    metrics: createMetrics('gateway'),
    readiness: () => ({ isReady: true }),
  });
  onTestFinished(() => app.close());
  addFollowRoute(app, {
    installation: {
      follow: (listener) => {
        following += 1;
        listener({ id: 'run', status: 'running' } as Parameters<typeof listener>[0]);
        return () => void (following -= 1);
      },
    },
    admit: async ({ raw }) => {
      arrived.resolve(undefined);
      await once(raw.socket, 'close');
      admitted += 1;
      return null;
    },
  });
  const { hostname, port } = new URL(await listen(app, { host: '127.0.0.1', port: 0 }));
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write('GET /v1/installation/events HTTP/1.1\r\nHost: a\r\n\r\n');
  await arrived.promise;
  socket.destroy();
  await waitFor(() => admitted === 1);
  await new Promise((resolve) => void setImmediate(resolve));
  expect(following).toBe(0);
});
