import type { IncomingMessage } from 'node:http';
import { AppError } from '@guildhall/errors';
import type { FastifyInstance } from 'fastify';
import { atOnce } from './hook-at-once.ts';

/** A host with a port (RFC 3986, sections 3.2.2 and 3.2.3), or none. */
const hostField = /^(?:\[[0-9a-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::[0-9]*)?$/i;

/** Fields with one value. Node takes the first of several without a word; a proxy in front may have taken another. */
const singleFields: ReadonlyMap<string, string> = new Map([
  ['authorization', 'Authorization'],
  ['content-type', 'Content-Type'],
  ['host', 'Host'],
]);

/** Answers with problems the requests that Node would refuse with an empty answer, or read otherwise than they are meant. */
export const answerPlainHttp = (app: FastifyInstance): void => {
  // An expectation that is not known may be passed over (RFC 9110, section 10.1.1).
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  app.addHook(
    'onRequest',
    atOnce(({ raw }) => {
      requireSingleFields(raw);
      // RFC 9112, section 3.2.
      if (raw.headers.host === undefined && raw.httpVersion !== '1.0')
        throw new AppError('INVALID', 'Send exactly one Host header.');
      if (!hostField.test(raw.headers.host ?? ''))
        throw new AppError('INVALID', 'The Host header must be a host, with or without a port.');
    }),
  );
  refuseCodings(app);
};

const requireSingleFields = ({ rawHeaders }: IncomingMessage): void => {
  const seen: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const shown = singleFields.get((rawHeaders[at] ?? '').toLowerCase());
    if (shown === undefined) continue;
    if (seen.includes(shown)) throw new AppError('INVALID', `Send exactly one ${shown} header.`);
    seen.push(shown);
  }
};

/**
 * Refuses bodies in a coding: nothing here decodes one, and its bytes are not the body (RFC 9110, section 8.4; RFC 9112,
 * section 6.1). Behind an unknown transfer coding nothing more is read from the connection.
 */
const refuseCodings = (app: FastifyInstance): void => {
  app.addHook(
    'onRequest',
    atOnce(({ raw: { headers } }, reply) => {
      if (!/^(?:chunked)?$/i.test(headers['transfer-encoding'] ?? '')) {
        void reply.header('connection', 'close');
        throw new AppError(
          'INVALID',
          'Send the body with its Content-Length, or with Transfer-Encoding: chunked and no other coding.',
        );
      }
      if (!/^(?:identity)?$/i.test(headers['content-encoding'] ?? '')) {
        void reply.header('accept-encoding', 'identity');
        throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as it is, without a Content-Encoding.');
      }
    }),
  );
};
