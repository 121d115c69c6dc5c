import type { FastifyInstance } from 'fastify';
import { payloadAtOnce } from './hook-at-once.ts';

/** Keeps answers out of every cache unless their route says otherwise (RFC 9111, section 5.2.2.5): most are for one caller. */
export const storeNothing = (app: FastifyInstance): void => {
  app.addHook(
    'onSend',
    payloadAtOnce((_request, reply, payload) => {
      if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
      return payload;
    }),
  );
};
