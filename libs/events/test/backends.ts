import { freshDatabase } from '@guildhall/testkit';

export interface TestQueue {
  readonly url: string;
  drop(): Promise<void>;
}

/** The queues that this run can test: the one in PostgreSQL, and a Redis when TEST_QUEUE_URL names one. */
export const backends: readonly (readonly [name: string, open: () => Promise<TestQueue>])[] = [
  [
    'PostgreSQL',
    async () => {
      const { url, drop } = await freshDatabase({ services: [] });
      return { url, drop };
    },
  ],
  ...(process.env['TEST_QUEUE_URL'] === undefined ? [] : [['Redis', openRedis(process.env['TEST_QUEUE_URL'])] as const]),
];

/** A database of its own within the Redis that the run was given, emptied before and after. */
function openRedis(url: string): () => Promise<TestQueue> {
  return async () => {
    const { Redis } = await import('ioredis');
    const own = `${url.replace(/\/\d*$/, '')}/${1 + Math.floor(Math.random() * 14)}`;
    const empty = async (): Promise<void> => {
      const redis = new Redis(own);
      await redis.flushdb();
      redis.disconnect();
    };
    await empty();
    return { url: own, drop: empty };
  };
}
