import type { Redis } from 'ioredis';

const answerTimeoutMs = 3_000;

/** The allow-list of URL parameters. Others would override settings of the services, or name a file of this machine. */
const allowedParameters = new Set(['family']);

/** Splits a URL into the server and the database number; null if it is not the URL of a Redis or Valkey server. */
const readQueueUrl = (text: string): { readonly server: string; readonly number: number } | null => {
  const url = URL.parse(text);
  const number = /^\/?(\d{0,9})$/.exec(url?.pathname ?? '')?.[1];
  if (url === null || number === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === '') return null;
  if (![...url.searchParams.keys()].every((name) => allowedParameters.has(name))) return null;
  url.pathname = '';
  return { server: url.href, number: Number(number) };
};

/** Selects the database explicitly: ioredis does so unobserved, and a refusal would be an unhandled error. */
const ping = async (redis: Redis, number: number): Promise<boolean> => {
  await redis.connect();
  await redis.select(number);
  return (await redis.ping()) === 'PONG';
};

/**
 * Checks whether a Redis or Valkey server answers within three seconds. The reason is not returned: it could reveal another
 * service.
 */
export const isQueueReachable = async (queueUrl: string): Promise<boolean> => {
  const address = readQueueUrl(queueUrl);
  if (address === null) return false;
  try {
    // Loaded when somebody tests a queue, which is once in the life of an installation.
    const { Redis } = await import('ioredis');
    const redis = new Redis(address.server, {
      connectTimeout: answerTimeoutMs,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      lazyConnect: true,
    });
    redis.on('error', () => undefined);
    const timer = setTimeout(() => redis.disconnect(), answerTimeoutMs);
    return await ping(redis, address.number).finally(() => {
      clearTimeout(timer);
      redis.disconnect();
    });
  } catch {
    return false;
  }
};
