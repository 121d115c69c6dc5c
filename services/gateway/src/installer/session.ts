import { Socket } from 'node:net';
import { pinnedSettings } from '@guildhall/engine';
import { Client } from 'pg';

/** The session took longer than its time-out. */
class SessionTimeout extends Error {
  override readonly name = 'SessionTimeout';
}

/** Opens a connection for `use`. It is closed afterwards, and after `timeoutMs` milliseconds at the latest. */
export const withSession = async <T>(databaseUrl: string, timeoutMs: number, use: (client: Client) => Promise<T>): Promise<T> => {
  const socket = new Socket();
  const client = new Client({ connectionString: databaseUrl, application_name: 'guildhall-installer', stream: () => socket });
  client.on('error', () => undefined);
  const timer = setTimeout(() => socket.destroy(new SessionTimeout('The server did not answer in time.')), timeoutMs);
  try {
    await client.connect();
    await client.query(pinnedSettings);
    return await use(client);
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
};

/** The SQLSTATE that the server answered (PostgreSQL, appendix A), or the system's code; empty without either. */
export const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');
