import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** An HTTP server in a thread of its own: it goes on while this thread is blocked. Every answer is held until it is told to answer. */
export interface ServerThread {
  readonly url: string;
  /** Resolves when a request has arrived and is held. */
  arrived(): Promise<void>;
  /** Has every held request answered while this thread is blocked, for `ms` milliseconds. Later requests are answered at once. */
  answerWhileBlocked(ms: number): void;
  stop(): Promise<void>;
}

/** The thread's program. Its flag is 1 as soon as it may answer; it is waited for without the event loop of either thread. */
const program = `
const { createServer } = require('node:http');
const { parentPort, workerData: { flag, body } } = require('node:worker_threads');
const server = createServer((request, response) => {
  parentPort.postMessage('arrived');
  Atomics.wait(flag, 0, 0);
  response.writeHead(200, { 'content-type': 'application/json' }).end(body);
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

/** Starts a server thread that answers every request with 200 and `body` as JSON. */
export const startServerThread = async (body: unknown): Promise<ServerThread> => {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(program, { eval: true, workerData: { flag, body: JSON.stringify(body) } });
  const [port] = (await once(worker, 'message')) as [number];
  const arrival = once(worker, 'message');
  return {
    url: `http://127.0.0.1:${port}`,
    arrived: async () => void (await arrival),
    answerWhileBlocked(ms) {
      Atomics.store(flag, 0, 1);
      Atomics.notify(flag, 0);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    },
    stop: async () => void (await worker.terminate()),
  };
};
