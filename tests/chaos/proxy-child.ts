import { startTcpProxy, type TcpProxyMode } from '@guildhall/testkit';

/** A TCP proxy as a process of its own. Arguments: host and port of the target. Ends with the process that forked it. */

export type ProxyCommand = { readonly id: number } & (
  | { readonly name: 'mode'; readonly mode: TcpProxyMode }
  | { readonly name: 'cut-all' }
  | { readonly name: 'close' }
);
/** The answer to the command of that id; the first one, without a command, says that the proxy listens. */
export type ProxyAnswer = { readonly id: number; readonly port: number; readonly fault?: string };

const [host = '', port = ''] = process.argv.slice(2);
const proxy = await startTcpProxy({ target: { host, port: Number(port) } });
const answer = (id: number, fault?: string): void =>
  void process.send?.({ id, port: proxy.port, ...(fault === undefined ? {} : { fault }) } satisfies ProxyAnswer);

const run = async (command: ProxyCommand): Promise<void> => {
  switch (command.name) {
    case 'mode':
      return proxy.mode(command.mode);
    case 'cut-all':
      return proxy.cutAll();
    case 'close':
      return proxy.close();
  }
};

process.on('message', (command: ProxyCommand) => {
  run(command).then(
    () => answer(command.id),
    (error: unknown) => answer(command.id, String(error)),
  );
});
process.once('disconnect', () => process.exit(0));
answer(0);
