import { connect, createServer, type Server, type Socket } from 'node:net';
import { carry, type TcpProxyMode } from './tcp-carrier.ts';
import { waitFor } from './wait-for.ts';

export type { TcpProxyMode } from './tcp-carrier.ts';

export interface TcpProxyOptions {
  readonly target: { readonly host: string; readonly port: number };
}

export interface TcpProxy {
  readonly port: number;
  /** Returns `targetUrl` with the host and port of the proxy. */
  url(targetUrl: string): string;
  /** Holds from its resolution on, for connections that are open and for those that come. The first is 'pass'. */
  mode(next: TcpProxyMode): Promise<void>;
  /** Holds for connections that come from now on; those that are open go on as they are. 'refuse' is for `mode`. */
  modeOfNew(next: Exclude<TcpProxyMode, 'refuse'>): void;
  /** Breaks every open connection, on both sides. */
  cutAll(): void;
  /** The number of connected clients. */
  connections(): number;
  /** The number of chunks dropped on open connections. */
  lost(): number;
  /** Breaks every connection and gives the port back. */
  close(): Promise<void>;
}

const reopenTimeoutMs = 10_000;

const listenOn = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('The proxy has no port.'));
      else resolve(address.port);
    });
  });

/** Stops listening; open connections are not waited for. */
const stopListening = (server: Server): void => {
  if (server.listening) server.close();
};

/** Starts a TCP proxy in front of a server on this machine, which simulates network faults. */
export const startTcpProxy = async ({ target }: TcpProxyOptions): Promise<TcpProxy> => {
  const carriers = new Set<ReturnType<typeof carry>>();
  let current: TcpProxyMode = 'pass';

  const accept = (near: Socket): void => {
    const carrier = carry(near, () => connect(target.port, target.host), current);
    carriers.add(carrier);
    carrier.onGone(() => carriers.delete(carrier));
  };
  const cutAll = (): void => {
    for (const carrier of carriers) carrier.cut();
  };
  let server = createServer(accept);
  const port = await listenOn(server, 0);
  const reopen = async (): Promise<void> => {
    await waitFor(
      async () => {
        server = createServer(accept);
        return listenOn(server, port);
      },
      { timeoutMs: reopenTimeoutMs, what: `port ${port} to be free again` },
    );
  };
  return {
    port,
    url: (targetUrl) => {
      const url = new URL(targetUrl);
      url.hostname = '127.0.0.1';
      url.port = String(port);
      return url.href;
    },
    mode: async (next) => {
      current = next;
      for (const carrier of carriers) carrier.mode(next);
      if (next === 'refuse') stopListening(server);
      else if (!server.listening) await reopen();
    },
    modeOfNew: (next) => {
      current = next;
    },
    cutAll,
    connections: () => [...carriers].filter((carrier) => carrier.isConnected()).length,
    lost: () => [...carriers].reduce((sum, carrier) => sum + carrier.lost(), 0),
    close: async () => {
      stopListening(server);
      cutAll();
      await waitFor(() => carriers.size === 0, { what: 'the proxy to end' });
    },
  };
};
