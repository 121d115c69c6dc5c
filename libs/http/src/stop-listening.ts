import { Server as TcpServer } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/** A turn of the event loop in which next to nothing was done: a connection that waits has been accepted, and hardly another can have come since. */
const idleTurnMs = 0.1;
/** A process that is never idle stops after this many turns. */
const turnsMax = 200;

/**
 * Stops listening right after an idle turn of the event loop: the kernel resets the connections that are established and not accepted by then, and a reset does not tell a client
 * whether its request was taken. A turn that answers requests takes milliseconds, in which others connect.
 */
export const stopListening = async (server: TcpServer): Promise<void> => {
  let accepted = 0;
  const onConnection = (): void => void (accepted += 1);
  server.on('connection', onConnection);
  for (let turns = 0; turns < turnsMax; turns += 1) {
    accepted = 0;
    const begun = performance.now();
    await turn();
    if (accepted === 0 && performance.now() - begun < idleTurnMs) break;
  }
  server.off('connection', onConnection);
  // Only stops listening: an HTTP server's own `close` also cuts idle connections at once.
  TcpServer.prototype.close.call(server);
};
