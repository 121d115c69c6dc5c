import { Server as TcpServer } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/** A turn of the event loop that is this short has done next to nothing. */
const idleTurnMs = 0.1;
/** The turns after which a turn may last ten times as long, for a process that is never idle. */
const turnsForTenfold = 50;
const turnsMax = 200;

/**
 * Stops listening right after an idle turn of the event loop that brought no connection: the kernel resets the connections that are established and not accepted by then,
 * and a reset does not tell a client whether its request was taken. A turn that answers requests takes milliseconds, in which others connect.
 */
export const stopListening = async (server: TcpServer): Promise<void> => {
  if (!server.listening) return;
  let accepted = 0;
  const onConnection = (): void => void (accepted += 1);
  server.on('connection', onConnection);
  for (let turns = 0; turns < turnsMax; turns += 1) {
    accepted = 0;
    const begun = performance.now();
    await turn();
    const elapsedMs = performance.now() - begun;
    if (accepted === 0 && elapsedMs < idleTurnMs * 10 ** (turns / turnsForTenfold)) break;
  }
  server.off('connection', onConnection);
  // Only stops listening: an HTTP server's own `close` also cuts idle connections at once.
  TcpServer.prototype.close.call(server);
};
