import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The header that carries a request's id from the client through every process and back. */
export const requestIdHeader = 'x-request-id';

/** The id that came with the request when it is 1 to 128 harmless characters, otherwise a new one. */
export const requestIdOf = (message: Pick<IncomingMessage, 'headers'>): string => {
  const given = message.headers[requestIdHeader];
  return typeof given === 'string' && /^[A-Za-z0-9._:-]{1,128}$/.test(given) ? given : randomUUID();
};
