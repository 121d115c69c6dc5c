import { createHash } from 'node:crypto';

/** Others name files of this machine, or another host than the one that is shown. */
const parametersTaken = new Set(['sslmode', 'options']);

/** The address of a PostgreSQL or CockroachDB database, or null when it is none, or says more than an address should. */
export const readDatabaseUrl = (text: string): URL | null => {
  const url = URL.parse(text);
  const isOne = url !== null && /^postgres(ql)?:$/.test(url.protocol) && isHost(url) && url.pathname.length > 1 && isPlain(url);
  return isOne ? url : null;
};

/** One that begins with a slash, which can only be written so, is the folder of a socket on this machine. */
const isHost = ({ hostname }: URL): boolean => hostname !== '' && !/%2f/i.test(hostname);

const isPlain = ({ searchParams }: URL): boolean => [...searchParams.keys()].every((name) => parametersTaken.has(name));

/** The name of the database that an address leads to. */
export const databaseNameIn = (url: URL): string => decodeURIComponent(url.pathname.slice(1));

/** The same place for another role. */
export const addressFor = (databaseUrl: string, role: string, password: string): string => {
  const url = new URL(databaseUrl);
  url.username = encodeURIComponent(role);
  url.password = encodeURIComponent(password);
  return url.href;
};

/** The address of a Redis server with the database whose events it carries, so that those of another one are kept apart. */
export const queueAddressFor = (queueUrl: string, databaseUrl: string): string => {
  const { hostname, port, pathname } = new URL(databaseUrl);
  const url = new URL(queueUrl);
  url.hash = createHash('sha256').update(`${hostname}:${port}${pathname}`).digest('hex').slice(0, 16);
  return url.href;
};

const loopback = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/i;
const encrypted = new Set(['require', 'verify-ca', 'verify-full', 'no-verify']);

/** Whether what is sent there can be read on the way. */
export const isReadableOnTheWay = (url: URL): boolean =>
  !loopback.test(url.hostname) && !encrypted.has(url.searchParams.getAll('sslmode').at(-1) ?? '');
