import { startTcpProxy, type TcpProxyMode } from '@guildhall/testkit';
import { answerCalls } from './child-calls.ts';

/** A TCP proxy as a process of its own. Arguments: host and port of the target. */

const [host = '', port = ''] = process.argv.slice(2);
const proxy = await startTcpProxy({ target: { host, port: Number(port) } });
const calls = {
  mode: async (next: TcpProxyMode) => proxy.mode(next),
  cutAll: async () => proxy.cutAll(),
  close: async () => proxy.close(),
};
export type ProxyCalls = typeof calls;

answerCalls(calls, proxy.port);
