import { createServer } from 'node:net';

export interface PortChoice {
  readonly port: number;
  /** Set when the wanted port was taken: which one, and by what it was replaced. */
  readonly note: string | null;
}

/** The wanted port when it is free, otherwise one that is. 0 asks for any. */
export const choosePort = async (name: string, wanted: number): Promise<PortChoice> => {
  if (wanted !== 0 && (await isFree(wanted))) return { port: wanted, note: null };
  const port = await freePort();
  return { port, note: wanted === 0 ? null : `port ${wanted} (${name}) is taken, using ${port}` };
};

const isFree = async (port: number): Promise<boolean> => {
  try {
    await listenOnce(port);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE' || (error as NodeJS.ErrnoException).code === 'EACCES')
      return false;
    throw error;
  }
};

const freePort = (): Promise<number> => listenOnce(0);

/** Listens and stops at once; answers the port. */
const listenOnce = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
