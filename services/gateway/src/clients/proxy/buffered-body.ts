import type { IncomingMessage } from 'node:http';

/** The part of a request's body that was read before the request is forwarded. */
export interface BufferedBody {
  readonly bytes: Buffer;
  /** False: the rest is streamed to the service. */
  readonly isComplete: boolean;
}

/**
 * Buffers a request body, up to `bytesMax` bytes, so that a slow client does not occupy one of the few connections to a service.
 * Rejects if the client disconnects.
 */
export const bufferBody = async (incoming: IncomingMessage, bytesMax: number): Promise<BufferedBody> => {
  if (!hasBody(incoming)) return { bytes: emptyBody, isComplete: true };
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > bytesMax) return { bytes: Buffer.concat(chunks), isComplete: false };
  }
  return { bytes: Buffer.concat(chunks), isComplete: true };
};

const emptyBody = Buffer.alloc(0);

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0');
