import { createServer } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { stopListening } from '../src/stop-listening.ts';

const busyTurns = 10;
const busyMs = 5;

it('a server stops listening in an idle turn of its event loop: a connection that is made in a busy one would be reset', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const stopped = stopListening(server);
  const listened: boolean[] = [];
  for (let turns = 0; turns < busyTurns; turns += 1) {
    const begun = performance.now();
    while (performance.now() - begun < busyMs);
    listened.push(server.listening);
    await turn();
  }
  await stopped;
  expect(listened).toEqual(Array.from({ length: busyTurns }, () => true));
  expect(server.listening).toBe(false);
});
