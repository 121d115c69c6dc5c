import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** One name for several replicas: each connection goes to the next of them that takes it. */
export interface TcpBalancer {
  readonly url: string;
  /** The replicas from now on; open connections stay where they are. */
  use(urls: readonly string[]): void;
  /** Breaks every connection and stops listening. */
  close(): void;
}

/** Starts a TCP load balancer on this machine. A replica that takes no connection is passed over. */
export const startTcpBalancer = async (urls: readonly string[] = []): Promise<TcpBalancer> => {
  const open = new Set<Socket>();
  let used = urls;
  let connections = 0;
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    connections += 1;
    const inTurn = used.map((_, index) => used[(index + connections) % used.length] ?? '');
    void connectToFirst(inTurn).then((upstream) => {
      if (upstream === undefined) return void socket.destroy();
      join(socket, upstream);
      return join(upstream, socket);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    use: (now) => void (used = now),
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
};

const connectToFirst = async (urls: readonly string[]): Promise<Socket | undefined> => {
  for (const url of urls) {
    const upstream = await connectTo(Number(new URL(url).port));
    if (upstream !== undefined) return upstream;
  }
  return undefined;
};

const connectTo = (port: number): Promise<Socket | undefined> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(undefined));
    socket.once('connect', () => resolve(socket));
  });

const join = (one: Socket, other: Socket): void => {
  one.pipe(other);
  one.on('error', () => other.destroy());
  one.on('close', () => other.destroy());
};
