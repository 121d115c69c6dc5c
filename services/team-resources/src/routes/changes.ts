import { changeRoutes } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';

export interface ChangeRouteParts {
  readonly changeStreams: {
    follow(userId: string, lastEventId: string | undefined): Promise<ReadableStream<string>>;
    close(): Promise<void>;
  };
}

/** `GET /v1/events`: what changed, for screens that stay true. */
export const addChangeRoutes = (app: FastifyInstance, { changeStreams }: ChangeRouteParts): void => {
  app.addHook('preClose', changeStreams.close);
  serve(app, changeRoutes.followChanges, 'principal', async ({ caller, lastEventId }) => ({
    body: await changeStreams.follow(caller.userId, lastEventId),
  }));
};
