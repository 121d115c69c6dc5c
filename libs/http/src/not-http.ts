import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError } from '@guildhall/errors';
import type { FastifyInstance } from 'fastify';
import { atOnce } from './hook-at-once.ts';
import type { Logger } from './log.ts';
import { problemMediaType, toProblem } from './problem.ts';
import { requestIdHeader } from './request-id.ts';

// An import of `node:http` as an ES module loads fetch and WebSocket, too: 16 MB of each process.
const { STATUS_CODES } = process.getBuiltinModule('node:http');

/** The problem codes of the input that Node's HTTP parser refuses before there is a request, by Node's error code. */
const refusals: Readonly<Record<string, readonly [AppError['code'], string]>> = {
  HPE_HEADER_OVERFLOW: ['TOO_LARGE', 'The headers are larger than this server takes.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['INVALID', 'The request did not arrive in time.'],
};
const notHttp = ['INVALID', 'This is not a valid HTTP request.'] as const;

/** The answer that was begun last on each connection. */
const lastAnswers = new WeakMap<Socket, ServerResponse>();

/** Records the answers that were begun, for `answerNotHttp`. */
export const noteAnswers = (app: FastifyInstance): void => {
  app.addHook(
    'onRequest',
    atOnce(({ raw }, reply) => void lastAnswers.set(raw.socket, reply.raw)),
  );
};

/** True if an answer was already sent: a request may be refused before all of it has arrived. */
const isAnswered = (socket: Socket): boolean => {
  const last = lastAnswers.get(socket);
  return last !== undefined && last.headersSent && !last.req.complete;
};

/** Answers input that is not HTTP with a problem and closes the connection. */
export const answerNotHttp =
  (log: Logger) =>
  (fault: Error & { readonly code?: string }, socket: Socket): void => {
    if (fault.code === 'ECONNRESET' || socket.destroyed) return;
    const requestId = randomUUID();
    const [code, detail] = refusals[fault.code ?? ''] ?? notHttp;
    log.info({ requestId, fault: fault.code }, 'refused what is not HTTP');
    if (socket.writable && !isAnswered(socket)) socket.write(answerText(new AppError(code, detail), requestId));
    socket.destroySoon();
  };

/** Answers CONNECT, which Node hands over as a bare connection, with 405 (RFC 9110, section 9.3.6): no process here is a proxy. */
export const refuseTunnels = (app: FastifyInstance, log: Logger): void => {
  app.server.on('connect', (_request, socket) => {
    const requestId = randomUUID();
    log.info({ requestId }, 'refused to open a tunnel');
    answerBare(socket, new AppError('METHOD_NOT_ALLOWED', 'This server opens no tunnels.'), requestId, ['allow: ']);
  });
};

/** Answers with a problem on a connection that Node has handed over, and closes it. */
export const answerBare = (socket: Duplex, error: AppError, requestId: string, fields: readonly string[] = []): void => {
  socket.on('error', () => socket.destroy());
  socket.end(answerText(error, requestId, fields));
};

const answerText = (error: AppError, requestId: string, fields: readonly string[] = []): string => {
  const body = JSON.stringify(toProblem(error, requestId));
  return [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    `content-type: ${problemMediaType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `${requestIdHeader}: ${requestId}`,
    ...fields,
    'connection: close',
    '',
    body,
  ].join('\r\n');
};
