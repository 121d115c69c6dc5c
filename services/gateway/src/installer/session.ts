import { Socket } from 'node:net';
import { Client } from 'pg';

/** Why nothing can be asked of the server any more. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

/** Whatever happens, within `timeoutMs` this is over and its connection closed. */
export const withSession = async <T>(databaseUrl: string, timeoutMs: number, use: (client: Client) => Promise<T>): Promise<T> => {
  const socket = new Socket();
  const client = new Client({ connectionString: databaseUrl, application_name: 'guildhall-installer', stream: () => socket });
  client.on('error', () => undefined);
  const timer = setTimeout(() => socket.destroy(new OutOfTime('The server did not answer in time.')), timeoutMs);
  try {
    await client.connect();
    return await use(client);
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
};

/** The SQLSTATE that the server answered (PostgreSQL, appendix A), or the system's code; empty without either. */
export const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');
