import { createHash } from 'node:crypto';

/** The allow-list of URL parameters. Others could name files of this machine, or another host than the visible one. */
const allowedParameters = new Set(['sslmode', 'options']);

/** Parses the URL of a PostgreSQL or CockroachDB database; null for another URL or one with parameters that are not allowed. */
export const readDatabaseUrl = (text: string): URL | null => {
  const url = URL.parse(text);
  const isValid =
    url !== null && /^postgres(ql)?:$/.test(url.protocol) && isHost(url) && url.pathname.length > 1 && hasAllowedParameters(url);
  return isValid ? url : null;
};

/** Refuses an encoded slash: it would make the host the folder of a Unix socket on this machine. */
const isHost = ({ hostname }: URL): boolean => hostname !== '' && !/%2f/i.test(hostname);

const hasAllowedParameters = ({ searchParams }: URL): boolean =>
  [...searchParams.keys()].every((name) => allowedParameters.has(name));

/** The name of the database in a URL. */
export const databaseNameIn = (url: URL): string => decodeURIComponent(url.pathname.slice(1));

/** Replaces the role in a database URL. */
export const urlForRole = (databaseUrl: string, role: string, password: string): string => {
  const url = new URL(databaseUrl);
  url.username = encodeURIComponent(role);
  url.password = encodeURIComponent(password);
  return url.href;
};

/** The URL of a Redis server, tagged with the database whose events it carries: two databases on one server share no queue. */
export const queueUrlFor = (queueUrl: string, databaseUrl: string): string => {
  const { hostname, port, pathname } = new URL(databaseUrl);
  const url = new URL(queueUrl);
  url.hash = createHash('sha256').update(`${hostname}:${port}${pathname}`).digest('hex').slice(0, 16);
  return url.href;
};

const loopback = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/i;
const encrypted = new Set(['require', 'verify-ca', 'verify-full', 'no-verify']);

/** True if the connection is unencrypted and leaves this machine. */
export const isUnencrypted = (url: URL): boolean =>
  !loopback.test(url.hostname) && !encrypted.has(url.searchParams.getAll('sslmode').at(-1) ?? '');
