import type { FastifyInstance } from 'fastify';

/** Calls `react` after each answered request that may have changed something. Call before the server listens. */
export const afterChanges = (app: FastifyInstance, react: () => void): void => {
  app.addHook('onResponse', async ({ method }) => {
    if (method !== 'GET' && method !== 'HEAD') react();
  });
};
