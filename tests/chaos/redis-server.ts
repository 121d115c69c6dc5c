import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@guildhall/testkit';
import { Redis } from 'ioredis';

export interface RedisServer {
  readonly url: string;
  readonly isRunning: () => boolean;
  start(): Promise<void>;
  /** Ends it like a power cut. */
  kill(): Promise<void>;
  flushAll(): Promise<void>;
  /** Keeps what it holds now for `restoreSnapshot`. */
  saveSnapshot(): Promise<void>;
  /** Puts it back to the kept moment; everything since then is forgotten, and what was done by then is there again. */
  restoreSnapshot(): Promise<void>;
  stop(): Promise<void>;
}

export const hasRedisServer = (): boolean => spawnSync('redis-server', ['--version']).status === 0;

/** A `redis-server` of its own, durable to the last write, in `folder`. */
export const createRedisServer = (folder: string, port: number): RedisServer => {
  mkdirSync(folder, { recursive: true });
  const [dump, kept] = [join(folder, 'dump.rdb'), join(folder, 'kept.rdb')];
  let child: ChildProcess | null = null;

  const ask = async <T>(question: (redis: Redis) => Promise<T>): Promise<T> => {
    const redis = new Redis({ port, host: '127.0.0.1', maxRetriesPerRequest: 0, retryStrategy: () => null, lazyConnect: true });
    redis.on('error', () => {});
    try {
      await redis.connect();
      return await question(redis);
    } finally {
      redis.disconnect();
    }
  };
  const start = async (): Promise<void> => {
    const args = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--maxmemory-policy',
      'noeviction',
      '--save',
      '1 1',
    ];
    child = spawn('redis-server', args, { stdio: 'ignore' });
    await waitFor(() => ask((redis) => redis.ping()), { what: 'redis-server to answer' });
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null) return;
    const gone = once(ending, 'exit');
    ending.kill(signal);
    await gone;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    isRunning: () => child !== null,
    start,
    kill: () => end('SIGKILL'),
    flushAll: async () => void (await ask((redis) => redis.flushall())),
    saveSnapshot: async () => {
      await ask((redis) => redis.save());
      copyFileSync(dump, kept);
    },
    restoreSnapshot: async () => {
      await end('SIGKILL');
      if (existsSync(kept)) copyFileSync(kept, dump);
      await start();
    },
    stop: () => end('SIGTERM'),
  };
};
