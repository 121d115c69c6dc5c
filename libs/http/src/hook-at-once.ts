import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Makes a hook of work that is done when it returns. An async function for a hook costs every request a promise and a turn of the
 * microtask queue. What the work throws refuses the request.
 */
export const atOnce =
  (work: (request: FastifyRequest, reply: FastifyReply) => void) =>
  (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    work(request, reply);
    done();
  };

type SendHook = (
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
) => Promise<unknown> | undefined;

/** Makes an `onSend` hook of work that mostly has the payload when it returns, and else a promise of it. What the work throws becomes the answer. */
export const payloadAtOnce =
  (work: (request: FastifyRequest, reply: FastifyReply, payload: unknown) => unknown): SendHook =>
  (request, reply, payload, done) => {
    const next = work(request, reply, payload);
    if (next instanceof Promise) return next;
    done(null, next);
    return undefined;
  };
