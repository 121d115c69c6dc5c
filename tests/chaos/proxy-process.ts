import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TcpProxyMode } from '@guildhall/testkit';
import type { ProxyAnswer, ProxyCommand } from './proxy-child.ts';

export interface ProxyProcess {
  /** Returns `targetUrl` with the host and port of the proxy. */
  url(targetUrl: string): string;
  /** Holds from its resolution on, for connections that are open and for those that come. The first is 'pass'. */
  mode(next: TcpProxyMode): Promise<void>;
  /** Breaks every open connection, on both sides. */
  cutAll(): Promise<void>;
  close(): Promise<void>;
}

type Command = ProxyCommand extends infer C ? (C extends ProxyCommand ? Omit<C, 'id'> : never) : never;

/**
 * Starts a TCP proxy in a process of its own. In the process that sends the load, the load would hold up what the proxy
 * carries: the services would see an outage that nobody asked for.
 */
export const startProxyProcess = async (target: { readonly host: string; readonly port: number }): Promise<ProxyProcess> => {
  const child = fork(join(import.meta.dirname, 'proxy-child.ts'), [target.host, String(target.port)], { execArgv: [] });
  const waiting = new Map<number, PromiseWithResolvers<ProxyAnswer>>();
  const expectAnswer = (id: number): Promise<ProxyAnswer> => {
    const answer = Promise.withResolvers<ProxyAnswer>();
    waiting.set(id, answer);
    return answer.promise;
  };
  child.on('message', (answer: ProxyAnswer) => {
    const { resolve, reject } = waiting.get(answer.id) ?? {};
    waiting.delete(answer.id);
    if (answer.fault === undefined) resolve?.(answer);
    else reject?.(new Error(answer.fault));
  });
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`The proxy has ended with code ${code}.`));
  });
  let lastId = 0;
  const send = async (command: Command): Promise<void> => {
    lastId += 1;
    const answered = expectAnswer(lastId);
    child.send({ ...command, id: lastId } satisfies ProxyCommand);
    await answered;
  };
  const { port } = await expectAnswer(0);
  return {
    url: (targetUrl) => {
      const url = new URL(targetUrl);
      url.hostname = '127.0.0.1';
      url.port = String(port);
      return url.href;
    },
    mode: (mode) => send({ name: 'mode', mode }),
    cutAll: () => send({ name: 'cut-all' }),
    close: async () => {
      await send({ name: 'close' });
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
};
