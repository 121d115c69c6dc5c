import type { IncomingMessage } from 'node:http';
import { AppError } from '@guildhall/errors';
import type { FastifyInstance } from 'fastify';

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
  app.addHook('onRequest', async ({ raw }) => {
    requireSingleFields(raw);
    // RFC 9112, section 3.2.
    if (raw.headers.host === undefined && raw.httpVersion !== '1.0')
      throw new AppError('INVALID', 'Send exactly one Host header.');
    if (!hostField.test(raw.headers.host ?? ''))
      throw new AppError('INVALID', 'The Host header must be a host, with or without a port.');
  });
  refuseCodings(app);
};

const requireSingleFields = ({ rawHeaders }: IncomingMessage): void => {
  const seen = new Set<string>();
  for (const [at, field] of rawHeaders.entries()) {
    if (at % 2 === 1) continue;
    const name = field.toLowerCase();
    const shown = singleFields.get(name);
    if (shown !== undefined && seen.has(name)) throw new AppError('INVALID', `Send exactly one ${shown} header.`);
    seen.add(name);
  }
};

/**
 * Refuses bodies in a coding: nothing here decodes one, and its bytes are not the body (RFC 9110, section 8.4; RFC 9112,
 * section 6.1). Behind an unknown transfer coding nothing more is read from the connection.
 */
const refuseCodings = (app: FastifyInstance): void => {
  app.addHook('onRequest', async ({ raw: { headers } }, reply) => {
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
  });
};
