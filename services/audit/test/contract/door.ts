import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Door {
  /** The given address, through the door. */
  readonly url: string;
  /** Cuts every connection and refuses new ones. */
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

/** Stands between a client and a server and can be shut. */
export const openDoor = async (url: string): Promise<Door> => {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let isOpen = true;
  const server = createServer((near) => {
    if (!isOpen) return void near.destroy();
    const far = connect(Number(target.port || 5432), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    near.pipe(far);
    far.pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  const shut = (): void => {
    isOpen = false;
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.href,
    shut,
    open: () => void (isOpen = true),
    close: () => {
      shut();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
};
