import { Redis } from 'ioredis';

const answerTimeoutMs = 3_000;

/** Whether a Redis or Valkey server answers there, within three seconds. */
export const isQueueThere = async (queueUrl: string): Promise<boolean> => {
  if (!/^rediss?:$/.test(URL.parse(queueUrl)?.protocol ?? '')) return false;
  const redis = new Redis(queueUrl, {
    connectTimeout: answerTimeoutMs,
    commandTimeout: answerTimeoutMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    lazyConnect: true,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } catch {
    // Why is not told: the caller named the address, and must not learn what else lies there.
    return false;
  } finally {
    redis.disconnect();
  }
};
