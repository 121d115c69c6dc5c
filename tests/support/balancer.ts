import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** One name for several replicas: what a name with several addresses, or a load balancer for TCP, is to its clients. */
export interface Balancer {
  readonly url: string;
  /** Connections that found no replica. */
  refused(): number;
  /** Each new connection goes to the next of these, or to the one after it where that one does not listen. */
  use(urls: readonly string[]): void;
  close(): Promise<void>;
}

/** Starts a balancer. It looks at no health: a replica that does not listen is passed over, and nothing else. */
export const startBalancer = async (): Promise<Balancer> => {
  const sockets = new Set<Socket>();
  let targets: readonly string[] = [];
  let [connections, refused] = [0, 0];

  const reach = (near: Socket, [target, ...others]: readonly string[]): void => {
    if (target === undefined) {
      refused += 1;
      return void near.destroy();
    }
    const far = connect(Number(new URL(target).port), '127.0.0.1').setNoDelay();
    const passOver = (): void => reach(near, others);
    far.once('error', passOver);
    far.once('connect', () => {
      far.off('error', passOver);
      join(near, far);
    });
  };
  const join = (near: Socket, far: Socket): void => {
    sockets.add(far);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
    far.on('close', () => sockets.delete(far));
  };
  const server = createServer((near) => {
    sockets.add(near.setNoDelay());
    near.on('error', () => undefined);
    near.on('close', () => sockets.delete(near));
    connections += 1;
    reach(near, [...targets.slice(connections % targets.length), ...targets.slice(0, connections % targets.length)]);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused: () => refused,
    use: (urls) => void (targets = urls),
    close: async () => {
      const closed = new Promise((resolve) => void server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};
