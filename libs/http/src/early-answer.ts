import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@guildhall/errors';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { atOnce, payloadAtOnce } from './hook-at-once.ts';

/** The time within which a body that is on its way keeps its connection. */
const arrivalMs = 50;
/** The time for which the rest of a longer one is read and discarded after the answer. */
const lingerMs = 2_000;

/** True if a request announces content (RFC 9112, section 6.3). */
const announcesBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || !['0', undefined].includes(headers['content-length']);

/** The longest pause of a body that is still on its way. */
const pauseMs = 200;

/** True once all of a request has arrived, or was read: a request that was injected without a connection is never `complete`. */
export const isWholeRequest = ({ complete, readableEnded }: IncomingMessage): boolean => complete || readableEnded;

/**
 * Closes a connection whose request is answered before its body has arrived: the answer says `Connection: close`, and the
 * connection lingers until the rest has come, or for two seconds (RFC 9112, section 9.6). An answer that is followed by a reset
 * can be lost on its way; a connection that stays open would take the rest of the body for as long as the client sends it.
 */
export const closeAfterEarlyAnswers = (app: FastifyInstance): void => {
  app.addHook(
    'onSend',
    payloadAtOnce(({ raw }, reply, payload) =>
      isWholeRequest(raw) || !announcesBody(raw) ? payload : closingUnlessArrived(raw, reply, payload),
    ),
  );
};

/** The payload of an answer to a request whose body is on its way: if it does not arrive within a moment, the connection closes after it. */
const closingUnlessArrived = async (raw: IncomingMessage, reply: FastifyReply, payload: unknown): Promise<unknown> => {
  if (await arrivesWithin(raw, arrivalMs)) return payload;
  void reply.header('connection', 'close');
  if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
  const bytes = Buffer.from(payload as string);
  void reply.header('content-length', bytes.length);
  return Readable.from(withLinger(bytes, raw), { objectMode: false });
};

/** An answer that ends when the rest of its request's body has been discarded. */
async function* withLinger(answer: Buffer, incoming: IncomingMessage): AsyncGenerator<Buffer> {
  yield answer;
  await lingerFor(incoming);
}

/** Waits until the rest of a body has come, or for two seconds. What nobody reads is discarded. */
export const lingerFor = async (incoming: IncomingMessage): Promise<void> => void (await arrivesWithin(incoming, lingerMs));

/**
 * Waits as long as the rest of a body comes without a pause of 200 ms, for two seconds at most. What nobody reads is discarded.
 * Resolves with whether all of it came, or the client left.
 */
export const awaitRest = async (incoming: IncomingMessage): Promise<boolean> => {
  let before = -1;
  for (let waitedMs = 0; waitedMs < lingerMs && incoming.socket.bytesRead > before; waitedMs += pauseMs) {
    before = incoming.socket.bytesRead;
    if (await arrivesWithin(incoming, pauseMs)) return true;
    // What came while the event loop was busy is read first.
    await turn();
    await turn();
  }
  return false;
};

/** Discards the rest of a body. Resolves with whether all of it came within a time, or the client left. */
const arrivesWithin = async (incoming: IncomingMessage, ms: number): Promise<boolean> => {
  const isOver = new AbortController();
  const arrived = new Promise<boolean>((resolve) => {
    for (const event of ['end', 'close', 'error']) incoming.once(event, () => resolve(true));
  });
  incoming.resume();
  const isLate = delay(ms, false, { ref: false, signal: isOver.signal }).catch(() => false);
  const isThere = isWholeRequest(incoming) || incoming.destroyed || (await Promise.race([arrived, isLate]));
  isOver.abort();
  return isThere;
};

/** Refuses content in a request whose method gives it no meaning (RFC 9110, section 9.3.1): nobody sends it on purpose. */
export const refuseBodiesOfReads = (app: FastifyInstance): void => {
  app.addHook(
    'onRequest',
    atOnce(({ method, raw }) => {
      if ((method === 'GET' || method === 'HEAD') && announcesBody(raw))
        throw new AppError('INVALID', `A ${method} request takes no body.`);
    }),
  );
};
