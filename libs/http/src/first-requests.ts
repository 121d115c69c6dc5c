import type { Server, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A client that connects sends its request at once. A busy machine, or a balancer between the two, may hold it up for so long. */
const firstBytesWithinMs = 2_000;
const lookEveryMs = 20;

export interface FirstRequests {
  /** Resolves when something has come on every connection that is open, or after two seconds: some clients connect in advance and send nothing. */
  begun(): Promise<void>;
}

/** Watches for connections on which nothing has come yet. Node counts them as idle when a server closes, and their clients cannot know whether the request that they have just sent was taken. */
export const watchFirstRequests = (server: Server): FirstRequests => {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return {
    async begun() {
      const until = performance.now() + firstBytesWithinMs;
      while (performance.now() < until && [...open].some(({ bytesRead }) => bytesRead === 0)) await delay(lookEveryMs);
    },
  };
};
