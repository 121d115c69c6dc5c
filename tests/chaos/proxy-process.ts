import type { TcpProxyMode } from '@guildhall/testkit';
import { forkCalls } from './child-calls.ts';
import type { ProxyCalls } from './proxy-child.ts';

export interface ProxyProcess {
  /** Returns `targetUrl` with the host and port of the proxy. */
  url(targetUrl: string): string;
  /** Holds from its resolution on, for connections that are open and for those that come. The first is 'pass'. */
  mode(next: TcpProxyMode): Promise<void>;
  /** Breaks every open connection, on both sides. */
  cutAll(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a TCP proxy in a process of its own. In the process that sends the load, the load would hold up what the proxy
 * carries: the services would see an outage that nobody asked for.
 */
export const startProxyProcess = async (target: { readonly host: string; readonly port: number }): Promise<ProxyProcess> => {
  const proxy = await forkCalls<ProxyCalls, number>('proxy-child.ts', [target.host, String(target.port)]);
  return {
    url: (targetUrl) => {
      const url = new URL(targetUrl);
      url.hostname = '127.0.0.1';
      url.port = String(proxy.ready);
      return url.href;
    },
    mode: (next) => proxy.call('mode', next),
    cutAll: () => proxy.call('cutAll'),
    close: async () => {
      await proxy.call('close');
      await proxy.end();
    },
  };
};
