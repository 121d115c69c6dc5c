import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@guildhall/errors';
import type { FastifyInstance } from 'fastify';

/** The time within which a body that is on its way keeps its connection. */
const arrivalMs = 50;
/** The time for which the rest of a longer one is read and discarded after the answer. */
const lingerMs = 2_000;

/** True if a request announces content (RFC 9112, section 6.3). */
const announcesBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || !['0', undefined].includes(headers['content-length']);

/** True once all of a request has arrived, or was read: a request that was injected without a connection is never `complete`. */
const isWhole = ({ complete, readableEnded }: IncomingMessage): boolean => complete || readableEnded;

/**
 * Closes a connection whose request is answered before its body has arrived: the answer says `Connection: close`, and the
 * connection lingers until the rest has come, or for two seconds (RFC 9112, section 9.6). An answer that is followed by a reset
 * can be lost on its way; a connection that stays open would take the rest of the body for as long as the client sends it.
 */
export const closeAfterEarlyAnswers = (app: FastifyInstance): void => {
  app.addHook('onSend', async ({ raw }, reply, payload) => {
    if (isWhole(raw) || !announcesBody(raw) || (await arrivesWithin(raw, arrivalMs))) return payload;
    void reply.header('connection', 'close');
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
    const bytes = Buffer.from(payload as string);
    void reply.header('content-length', bytes.length);
    return Readable.from(withLinger(bytes, raw), { objectMode: false });
  });
};

/** An answer that ends when the rest of its request's body has been discarded. */
async function* withLinger(answer: Buffer, incoming: IncomingMessage): AsyncGenerator<Buffer> {
  yield answer;
  await arrivesWithin(incoming, lingerMs);
}

/** Discards the rest of a body. Resolves with whether all of it came within a time, or the client left. */
const arrivesWithin = async (incoming: IncomingMessage, ms: number): Promise<boolean> => {
  const isOver = new AbortController();
  const arrived = new Promise<boolean>((resolve) => {
    for (const event of ['end', 'close', 'error']) incoming.once(event, () => resolve(true));
  });
  incoming.resume();
  const isLate = delay(ms, false, { ref: false, signal: isOver.signal }).catch(() => false);
  const isThere = isWhole(incoming) || incoming.destroyed || (await Promise.race([arrived, isLate]));
  isOver.abort();
  return isThere;
};

/** Refuses content in a request whose method gives it no meaning (RFC 9110, section 9.3.1): nobody sends it on purpose. */
export const refuseBodiesOfReads = (app: FastifyInstance): void => {
  app.addHook('onRequest', async ({ method, raw }) => {
    if ((method === 'GET' || method === 'HEAD') && announcesBody(raw))
      throw new AppError('INVALID', `A ${method} request takes no body.`);
  });
};
