import { Redis } from 'ioredis';

const answerTimeoutMs = 3_000;

/** Any other would set what the services set themselves, or name a file of this machine in place of the host. */
const parametersTaken = new Set(['family']);

/** The address without its database's number, and that; null for what is no address of a Redis or Valkey server. */
const readQueueUrl = (text: string): { readonly server: string; readonly number: number } | null => {
  const url = URL.parse(text);
  const number = /^\/?(\d{0,9})$/.exec(url?.pathname ?? '')?.[1];
  if (url === null || number === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === '') return null;
  if (![...url.searchParams.keys()].every((name) => parametersTaken.has(name))) return null;
  url.pathname = '';
  return { server: url.href, number: Number(number) };
};

/** ioredis chooses the database unheard, and a server that refuses would end the process: here it is asked for. */
const ping = async (redis: Redis, number: number): Promise<boolean> => {
  await redis.connect();
  await redis.select(number);
  return (await redis.ping()) === 'PONG';
};

/** Whether a Redis or Valkey server answers there, within three seconds. Why not is not told: it would tell what else is there. */
export const isQueueThere = async (queueUrl: string): Promise<boolean> => {
  const address = readQueueUrl(queueUrl);
  if (address === null) return false;
  try {
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
