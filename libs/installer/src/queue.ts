import { Redis } from 'ioredis';

const answerTimeoutMs = 3_000;

const ping = async (redis: Redis): Promise<boolean> => {
  await redis.connect();
  return (await redis.ping()) === 'PONG';
};

/** Whether a Redis or Valkey server answers there, within three seconds. Why not is not told: it would tell what else is there. */
export const isQueueThere = async (queueUrl: string): Promise<boolean> => {
  if (!/^rediss?:$/.test(URL.parse(queueUrl)?.protocol ?? '')) return false;
  try {
    const redis = new Redis(queueUrl, {
      connectTimeout: answerTimeoutMs,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      lazyConnect: true,
    });
    redis.on('error', () => undefined);
    const timer = setTimeout(() => redis.disconnect(), answerTimeoutMs);
    return await ping(redis).finally(() => {
      clearTimeout(timer);
      redis.disconnect();
    });
  } catch {
    return false;
  }
};
