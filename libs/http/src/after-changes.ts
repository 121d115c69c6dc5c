import type { FastifyInstance } from 'fastify';
import { atOnce } from './hook-at-once.ts';
import { offeredIn } from './offered-operations.ts';

/** Calls `react` after each answered request, by HTTP or on the lane, that may have changed something. Call before the server listens. */
export const afterChanges = (app: FastifyInstance, react: () => void): void => {
  const onAnswered = (method: string): void => {
    if (method !== 'GET' && method !== 'HEAD') react();
  };
  app.addHook(
    'onResponse',
    atOnce(({ method }) => onAnswered(method)),
  );
  offeredIn(app)?.onAnswered.push(onAnswered);
};
