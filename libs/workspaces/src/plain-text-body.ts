import { createHash } from 'node:crypto';
import type { uploadEncodings } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { charsetOf, decodeUtf8 } from '@guildhall/http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Endpoint } from './endpoint.ts';

/** Bodies that are a text itself: `text/plain` in place of JSON with one member. */

type Encoding = (typeof uploadEncodings)[number];

/** The names under which a `charset` parameter may repeat an encoding. */
const charsetNames: Readonly<Record<Encoding, readonly string[]>> = {
  'utf-8': ['utf-8', 'utf8'],
  latin1: ['latin1', 'iso-8859-1'],
  'windows-1252': ['windows-1252', 'cp1252'],
  'iso-8859-15': ['iso-8859-15', 'latin9'],
};

/** Decoders of the encodings that are converted. Each byte is a character of them: ISO 8859-1 is Unicode's first block. */
const decoders: Readonly<Record<Exclude<Encoding, 'utf-8'>, (bytes: Buffer) => string>> = {
  latin1: (bytes) => bytes.toString('latin1'),
  'windows-1252': (bytes) => new TextDecoder('windows-1252').decode(bytes),
  'iso-8859-15': (bytes) => new TextDecoder('iso-8859-15').decode(bytes),
};

const isConverted = (encoding: string): encoding is keyof typeof decoders => Object.hasOwn(decoders, encoding);

/** The encoding that the query names. The contract refuses another one than it lists. */
const encodingOf = ({ query }: FastifyRequest): Encoding => {
  const { encoding } = query as { readonly encoding?: unknown };
  return typeof encoding === 'string' && isConverted(encoding) ? encoding : 'utf-8';
};

/** Throws UNSUPPORTED_MEDIA_TYPE for a charset other than the encoding. */
const requireCharset = (request: FastifyRequest, encoding: Encoding): void => {
  const charset = charsetOf(request)?.toLowerCase();
  if (charset === undefined || charsetNames[encoding].includes(charset)) return;
  throw new AppError('UNSUPPORTED_MEDIA_TYPE', `Send the text in ${encoding}, or name its encoding: ?encoding=latin1.`);
};

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** The text of a body. The note of a converted one keeps the digest of what was sent. Throws INVALID. */
const textOf = (bytes: Buffer, encoding: Encoding): PlainText =>
  isConverted(encoding)
    ? {
        text: decoders[encoding](bytes),
        note: { note: `Converted from ${encoding}; the SHA-256 of what was sent is ${digestOf(bytes)}.` },
      }
    : { text: decodeUtf8(bytes), note: {} };

interface PlainText {
  readonly text: string;
  /** The member `note` of the JSON body, where the text was converted. */
  readonly note: { readonly note?: string };
}

/** Adds a parser of `text/plain` bodies. `bodyOf` makes the JSON body that such a text stands for. */
export const withPlainText = (inner: Endpoint, bodyOf: (body: PlainText, query: unknown) => object): Endpoint => ({
  contract: inner.contract,
  register: (app, options) =>
    void app.register(async (scope: FastifyInstance) => {
      scope.addContentTypeParser<Buffer>('text/plain', { parseAs: 'buffer' }, async (request: FastifyRequest, bytes: Buffer) => {
        const encoding = encodingOf(request);
        requireCharset(request, encoding);
        return bodyOf(textOf(bytes, encoding), request.query);
      });
      inner.register(scope, options);
    }),
});
