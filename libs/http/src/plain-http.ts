import { AppError } from '@guildhall/errors';
import type { FastifyInstance } from 'fastify';

/** A host with a port (RFC 3986, sections 3.2.2 and 3.2.3), or none. */
const hostField = /^(?:\[[0-9a-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::[0-9]*)?$/i;

/** Answers with problems the requests that Node would refuse with an empty answer. */
export const answerPlainHttp = (app: FastifyInstance): void => {
  // An expectation that is not known may be passed over (RFC 9110, section 10.1.1).
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  app.addHook('onRequest', async ({ raw }) => {
    const hosts = raw.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
    // RFC 9112, section 3.2: with two hosts, a proxy in front may have used the other one.
    if (hosts > 1 || (hosts === 0 && raw.httpVersion !== '1.0')) throw new AppError('INVALID', 'Send exactly one Host header.');
    if (!hostField.test(raw.headers.host ?? ''))
      throw new AppError('INVALID', 'The Host header must be a host, with or without a port.');
  });
};
