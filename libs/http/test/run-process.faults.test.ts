import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';

interface Planted {
  readonly child: ChildProcess;
  readonly starting: Promise<void>;
  readonly started: Promise<void>;
  readonly ended: Promise<{
    readonly code: number | null;
    readonly signal: string | null;
    readonly out: string;
    readonly err: string;
  }>;
}

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

const plant = (behaviour: string): Planted => {
  const child = fork(`${import.meta.dirname}/fixtures/planted-process.ts`, [behaviour], { silent: true, execArgv: [] });
  running.add(child);
  const texts = { out: '', err: '' };
  const begin = Promise.withResolvers<undefined>();
  const start = Promise.withResolvers<undefined>();
  child.stdout?.on('data', (chunk) => {
    texts.out += String(chunk);
    if (texts.out.includes('starting\n')) begin.resolve(undefined);
    if (texts.out.includes('started\n')) start.resolve(undefined);
  });
  child.stderr?.on('data', (chunk) => (texts.err += String(chunk)));
  // A child whose channel was cut never says 'close'.
  const streams = [child.stdout, child.stderr].flatMap((stream) => (stream === null ? [] : [once(stream, 'end')]));
  const ended = Promise.all([once(child, 'exit'), ...streams]).then(([[code, signal]]) => {
    running.delete(child);
    start.reject(new Error(`It ended before it had started: ${texts.out}${texts.err}`));
    return { code: (code ?? null) as number | null, signal: (signal ?? null) as string | null, ...texts };
  });
  start.promise.catch(() => {});
  return { child, starting: begin.promise, started: start.promise, ended };
};

const messagesIn = (out: string): string[] =>
  out
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => (JSON.parse(line) as { msg: string }).msg);

describe('a process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('closes on %s and exits 0', async (signal) => {
    const { child, started, ended } = plant('behaves');
    await started;
    child.kill(signal);
    const { code, out } = await ended;
    expect([code, messagesIn(out), out.includes('closed\n')]).toEqual([0, ['stopping'], true]);
  });

  it('closes and exits 0 when the parent that forked it is gone', async () => {
    const { child, started, ended } = plant('behaves');
    await started;
    child.disconnect();
    const { code, out } = await ended;
    expect([code, out.includes('closed\n')]).toEqual([0, true]);
  });

  it.each(['SIGTERM', 'disconnect'])(
    'that is told to stop while it starts (%s) finishes starting, closes and exits 0',
    async (how) => {
      const { child, starting, ended } = plant('starts slowly');
      await starting;
      if (how === 'disconnect') child.disconnect();
      else child.kill('SIGTERM');
      child.stdin?.end();
      const { code, out } = await ended;
      expect([code, out.includes('closed\n')]).toEqual([0, true]);
    },
  );

  it('is cut with exit code 1 when closing is stuck', async () => {
    const { child, started, ended } = plant('is stuck');
    await started;
    child.kill('SIGTERM');
    const { code, out } = await ended;
    expect([code, messagesIn(out), out.includes('closed\n')]).toEqual([1, ['stopping', 'stopping took too long'], false]);
  });

  it('that fails to close says why and exits 1', async () => {
    const { child, started, ended } = plant('fails to close');
    await started;
    child.kill('SIGTERM');
    const { code, out } = await ended;
    expect([code, messagesIn(out).toSorted()]).toEqual([1, ['stopping', 'stopping failed']]);
    expect(out).toContain('the outbox is on fire');
  });

  it('that cannot start says why and exits 1, though what it began is still open', async () => {
    const { code, out } = await plant('fails to start').ended;
    expect(code).toBe(1);
    expect(messagesIn(out)).toEqual(['could not start']);
    expect(out).toContain('the port is taken');
  });

  it('with a fault that nobody caught logs it, closes, and exits 1', async () => {
    const { code, out } = await plant('has a fault').ended;
    expect([code, messagesIn(out), out.includes('closed\n')]).toEqual([1, ['stopping after a fault'], true]);
    expect(out).toContain('nobody caught this');
  });

  it('that lacks settings prints what is missing, and nothing else, and exits 1', async () => {
    expect(await plant('lacks settings').ended).toEqual({
      code: 1,
      signal: null,
      out: '',
      err: 'The configuration is not complete:\n  AUTH_URL is missing.\n',
    });
  });
});
