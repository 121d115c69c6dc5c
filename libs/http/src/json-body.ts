import { isUtf8 } from 'node:buffer';
import { AppError } from '@guildhall/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { atOnce } from './hook-at-once.ts';

/** Receives the text of a JSON body with its value. Throws AppError. */
export type OnJsonText = (text: string, value: unknown) => void;

const byteOrderMark = '\uFEFF';
const bytesOfReplacement = Buffer.from('\uFFFD');
const charsetParameter = /;\s*charset\s*=\s*"?([^\s";]+)"?/i;

/** The charset that a request names for its body, undefined where it names none. */
export const charsetOf = ({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined =>
  charsetParameter.exec(headers['content-type'] ?? '')?.[1];

/** Throws UNSUPPORTED_MEDIA_TYPE for a charset other than UTF-8, which is the only one of JSON (RFC 8259, section 8.1). */
const requireUtf8Charset = (request: FastifyRequest): void => {
  const charset = charsetOf(request);
  if (charset !== undefined && !/^utf-?8$/i.test(charset))
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json in UTF-8.');
};

/** The offset of the first byte that is not UTF-8, in bytes from 0. */
const firstOffsetOf = (bytes: Buffer): number => {
  const text = bytes.toString('utf8');
  let [offset, from] = [0, 0];
  for (let at = text.indexOf('\uFFFD'); at !== -1; at = text.indexOf('\uFFFD', from)) {
    offset += Buffer.byteLength(text.slice(from, at));
    if (!bytes.subarray(offset, offset + bytesOfReplacement.length).equals(bytesOfReplacement)) return offset;
    offset += bytesOfReplacement.length;
    from = at + 1;
  }
  return offset;
};

/** The text of a body. Throws INVALID, naming the first byte that is not UTF-8: a text that was guessed would be stored otherwise than sent. */
export const decodeUtf8 = (bytes: Buffer): string => {
  if (!isUtf8(bytes)) throw new AppError('INVALID', `The body is not UTF-8: see the byte at offset ${firstOffsetOf(bytes)}.`);
  return bytes.toString('utf8');
};

/** Parses the JSON bodies of all routes in `scope`, which are UTF-8 and nothing else (RFC 8259, section 8.1). An empty one is undefined. */
export const parseJsonBodies = (scope: FastifyInstance, onText?: OnJsonText): void => {
  const read = jsonReader(scope, onText);
  Object.assign(scope, { [reader]: read });
  scope.removeContentTypeParser('application/json');
  scope.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    let value: unknown;
    try {
      requireUtf8Charset(request);
      value = read(decodeUtf8(bytes));
    } catch (error) {
      return done(error as Error);
    }
    return done(null, value);
  });
};

/** Reads the text of a JSON body; undefined if it is empty. Throws an AppError, or an error of the framework that stands for one. */
export type JsonReader = (text: string) => unknown;

const reader = Symbol('reader of JSON bodies');

/** The reader of the JSON bodies of the routes in a scope. */
export const jsonReaderOf = (scope: FastifyInstance & { readonly [reader]?: JsonReader }): JsonReader => {
  const read = scope[reader];
  if (read === undefined) throw new Error('No JSON bodies are parsed in this scope.');
  return read;
};

const jsonReader = (scope: FastifyInstance, onText: OnJsonText | undefined): JsonReader => {
  const parse = scope.getDefaultJsonParser('error', 'error');
  return (text) => {
    if (text === '') return undefined;
    let outcome: { readonly error: Error | null; readonly value?: unknown } = { error: null };
    // The framework's parser looks at the text alone, and is done when it returns.
    void parse({} as FastifyRequest, text, (error, value: unknown) => void (outcome = { error, value }));
    if (outcome.error !== null) throw outcome.error;
    onText?.(text.startsWith(byteOrderMark) ? text.slice(1) : text, outcome.value);
    return outcome.value;
  };
};

/** Refuses percent-encoded bytes in a query that are not UTF-8, as the router does in a path. */
export const refuseMalformedQueries = (app: FastifyInstance): void => {
  app.addHook(
    'onRequest',
    atOnce(({ url }) => {
      const start = url.indexOf('?');
      if (start === -1 || !url.includes('%', start)) return;
      try {
        decodeURIComponent(url.slice(start));
      } catch {
        throw new AppError('INVALID', 'The URL is not validly encoded.');
      }
    }),
  );
};
