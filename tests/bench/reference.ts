import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface Reference {
  readonly url: string;
  readonly pid: number;
  close(): Promise<void>;
}

const startTimeoutMs = 30_000;

/** The reference as a process of its own, like every service of ours. */
export const startReference = async (databaseUrl: string): Promise<Reference> => {
  const child = fork(new URL('./reference/server.ts', import.meta.url), { env: { ...process.env, DATABASE_URL: databaseUrl } });
  const [message] = (await once(child, 'message', { signal: AbortSignal.timeout(startTimeoutMs) })) as [{ url: string }];
  return {
    url: message.url,
    pid: child.pid ?? 0,
    async close() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
};
