import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { freshDatabase, testServerUrl, type FreshDatabase } from '@guildhall/testkit';
import { Client, escapeIdentifier } from 'pg';

export const execute = async (url: string, text: string): Promise<readonly Record<string, unknown>[]> => {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const result: unknown = await client.query(text);
    return typeof result === 'object' && result !== null && 'rows' in result ? (result.rows as Record<string, unknown>[]) : [];
  } finally {
    await client.end().catch(() => undefined);
  }
};

const users: string[] = [];

/** A user with these attributes, and the address of `databaseUrl` for it. */
export const makeUser = async (databaseUrl: string, attributes = ''): Promise<{ url: string; name: string }> => {
  const name = `user_${randomBytes(6).toString('hex')}`;
  users.push(name);
  await execute(testServerUrl(), `CREATE ROLE ${name} LOGIN PASSWORD 'its own' ${attributes}`);
  const url = new URL(databaseUrl);
  [url.username, url.password] = [name, encodeURIComponent('its own')];
  return { url: url.href, name };
};

/** Drops a database with its roles and everything that they own. */
export const dropWithRoles = async ({ url, drop }: FreshDatabase): Promise<void> => {
  const database = new URL(url).pathname.slice(1);
  const roles = await execute(testServerUrl(), `SELECT rolname AS name FROM pg_roles WHERE starts_with(rolname, '${database}_')`);
  await drop();
  for (const name of [...roles.map((role) => String(role['name'])), ...users.splice(0)])
    await execute(testServerUrl(), `DROP ROLE IF EXISTS ${escapeIdentifier(name)}`).catch(() => undefined);
};

export const emptyDatabase = (): Promise<FreshDatabase> => freshDatabase({ services: [] });

/** A server that takes connections and says `greeting`, or nothing at all. */
export const startSilentServer = async (greeting = ''): Promise<{ readonly port: number; close(): Promise<void> }> => {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined).resume();
    if (greeting !== '') socket.end(greeting);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
};

const redisDatabases = 16;

/** The answers of Redis to a client that probes it (RESP, the commands as arrays of strings). */
const redisAnswer = (command: string): string => {
  const number = /^\*2\r\n\$6\r\nselect\r\n\$\d+\r\n(\w+)/i.exec(command)?.[1];
  if (number === undefined) return '+PONG\r\n';
  return Number(number) < redisDatabases ? '+OK\r\n' : '-ERR DB index is out of range\r\n';
};

export const startRedisLike = async (): Promise<{ readonly port: number; close(): Promise<void> }> => {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      for (const command of String(data).split(/(?=\*\d+\r\n)/)) socket.write(redisAnswer(command));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
};

export const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'allowed',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
