import type { IncomingMessage } from 'node:http';

/** What came of a request's body before a service hears of it. */
export interface HeldBody {
  readonly bytes: Buffer;
  /** False: more follows, and the connection to the service waits for it. */
  readonly isWhole: boolean;
}

/**
 * Waits until a body is whole or `bytesMax` have come, so that a client that sends slowly holds up nobody but itself: a
 * service's connections are few. Rejects when the client goes away.
 */
export const holdBody = async (incoming: IncomingMessage, bytesMax: number): Promise<HeldBody> => {
  if (!hasBody(incoming)) return { bytes: nothing, isWhole: true };
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > bytesMax) return { bytes: Buffer.concat(chunks), isWhole: false };
  }
  return { bytes: Buffer.concat(chunks), isWhole: true };
};

const nothing = Buffer.alloc(0);

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0');
