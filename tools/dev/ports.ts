import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import getPort from 'get-port';

export interface PortChoice {
  readonly port: number;
  /** Set when the wanted port was taken: which one, and by what it was replaced. */
  readonly note: string | null;
}

/** Below the range from which systems take ports for outgoing connections, which might take one between choice and use. */
const freePorts = { from: 20_000, to: 32_000 };
const portMax = 65_535;

/** The wanted port when it is free, otherwise one that is. 0 asks for any. */
export const choosePort = async (name: string, wanted: number): Promise<PortChoice> => {
  if (wanted !== 0 && (await isFree(wanted))) return { port: wanted, note: null };
  const port = await freePort();
  return { port, note: wanted === 0 ? null : `port ${wanted} (${name}) is taken, using ${port}` };
};

/** The wanted port. Throws, naming the variable that asks for another, when a program listens there. 0 asks for any. */
export const portOrFail = async (name: string, variable: string, wanted: number): Promise<number> => {
  if (wanted === 0) return freePort();
  if (await isFree(wanted)) return wanted;
  throw new Error(
    `Port ${wanted} (${name}) is taken by another program. Stop that one, or choose another port: ${variable}=${await freePort()} make ...`,
  );
};

/** A port from the environment, where an empty variable counts as none. Throws an Error that names a variable that holds no port. */
export const readPort = (env: NodeJS.ProcessEnv, name: string, fallback: number): number => {
  const port = Number(env[name] === '' ? fallback : (env[name] ?? fallback));
  if (!Number.isInteger(port) || port < 0 || port > portMax) throw new Error(`${name} must be a port from 0 to ${portMax}.`);
  return port;
};

/** In no order: another process that looks at the same moment takes another one. */
const candidates = (): readonly number[] => Array.from({ length: 200 }, () => randomInt(freePorts.from, freePorts.to));

const freePort = (): Promise<number> => getPort({ port: candidates(), host: '127.0.0.1' });

/** Listens and stops at once. */
const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
