import type { IncomingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { negotiate } from '@fastify/accept-negotiator';
import type { RouteContract } from '@guildhall/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { payloadAtOnce } from './hook-at-once.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True for a route whose answers hold secrets: they are never compressed. */
    carriesSecrets?: boolean;
    hasTextInBytes?: boolean;
  }
}

/** The shortest answer that is compressed, in bytes: a shorter one fits into a packet as it is. */
const compressedBytesMin = 1_024;
/** Its default, 11, is for files that are compressed once: it takes fifty times as long. */
const brotliQuality = 4;

const [toBrotli, toGzip] = [promisify(brotliCompress), promisify(gzip)];

/** In the order of preference: gzip takes a third less time than brotli for a list of 25 items, and is 7 % larger. */
const codings: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer>>> = {
  gzip: (bytes) => toGzip(bytes),
  br: (bytes) =>
    toBrotli(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
};
const codingNames = Object.keys(codings);

/** The media types of answers that are texts. Hashes and images do not become smaller. */
const textTypes = /^(?:text\/(?!event-stream)|application\/(?:[\w.-]+\+)?json\b|application\/javascript|image\/svg\+xml)/;

/** Adds the coding to a strong tag: it names bytes, and each coding has its own (RFC 9110, section 8.8.3.3). */
const tagOf = (tag: string, coding: string): string => (tag.startsWith('W/') ? tag : tag.replace(/"$/, `-${coding}"`));

/** The tag of a 304: the one by which the client knows what it has. */
const knownTag = (tag: string, ifNoneMatch = ''): string => {
  const coding = codingNames.find((name) => ifNoneMatch.includes(tagOf(tag, name)));
  return coding === undefined ? tag : tagOf(tag, coding);
};

/** The facts that the coding of a body depends on. */
interface Encodable {
  readonly headers: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  readonly acceptEncoding: string | undefined;
  readonly carriesSecrets?: boolean | undefined;
  readonly hasTextInBytes?: boolean | undefined;
}

const isCompressible = ({ headers, carriesSecrets = false, hasTextInBytes = false }: Encodable): boolean => {
  const isText = hasTextInBytes || textTypes.test(String(headers['content-type'] ?? ''));
  return isText && !carriesSecrets && headers['content-encoding'] === undefined;
};

interface Encoded {
  /** The fields that the coding adds or changes. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

const isShort = (body: string | Buffer): boolean => Buffer.byteLength(body) <= compressedBytesMin;

/** A body in the coding that the client prefers; as it is where it is short, no text, or the client takes no coding. */
const encode = async (body: string | Buffer, encodable: Encodable): Promise<Encoded> => {
  if (isShort(body) || !isCompressible(encodable)) return { headers: {}, body };
  const { vary: varying, etag } = encodable.headers;
  const vary = varying === undefined ? 'accept-encoding' : `${String(varying)}, accept-encoding`;
  const coding = negotiate(encodable.acceptEncoding ?? '', codingNames);
  const compress = coding === null ? undefined : codings[coding];
  if (coding === null || compress === undefined) return { headers: { vary }, body };
  const compressed = await compress(Buffer.from(body));
  const tag = typeof etag === 'string' ? { etag: tagOf(etag, coding) } : {};
  const headers = { vary, ...tag, 'content-encoding': coding, 'content-length': String(compressed.length) };
  return { headers, body: compressed };
};

/**
 * Compresses answers over a kilobyte by brotli or gzip, as the client prefers (RFC 9110, section 12.5.3). Never a stream, whose parts
 * would wait in the compressor, and never an answer that holds secrets: its length would tell of them beside a text that somebody
 * else chose (BREACH).
 */
export const compressAnswers = (app: FastifyInstance): void => {
  app.addHook(
    'onSend',
    payloadAtOnce((request, reply, payload) => {
      const tag = reply.statusCode === 304 ? reply.getHeader('etag') : undefined;
      if (typeof tag === 'string') void reply.header('etag', knownTag(tag, request.headers['if-none-match']));
      const isLong = (typeof payload === 'string' || Buffer.isBuffer(payload)) && !isShort(payload);
      return isLong ? encodeReply(request, reply, payload) : payload;
    }),
  );
};

const encodeReply = async (
  { headers, routeOptions }: FastifyRequest,
  reply: FastifyReply,
  body: string | Buffer,
): Promise<string | Buffer> => {
  const accepted = { headers: reply.getHeaders(), acceptEncoding: headers['accept-encoding'] };
  const encoded = await encode(body, { ...routeOptions.config, ...accepted });
  void reply.headers(encoded.headers);
  return encoded.body;
};

/** An answer that came without HTTP, as it is sent to a client of HTTP: compressed like any other, with its length. */
export const encodeAnswer = async (
  {
    status,
    headers,
    text,
  }: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text: string | null },
  { carriesSecrets, hasTextInBytes }: RouteContract,
  asked: IncomingHttpHeaders,
): Promise<{ readonly headers: Readonly<Record<string, string>>; readonly body: string | Buffer | null }> => {
  if (text === null) {
    const tag = headers['etag'];
    const etag = status === 304 && tag !== undefined ? { etag: knownTag(tag, asked['if-none-match']) } : {};
    // Neither status has content, so neither says its length (RFC 9110, section 8.6).
    return {
      headers: { ...headers, ...etag, ...(status === 204 || status === 304 ? {} : { 'content-length': '0' }) },
      body: null,
    };
  }
  const encoded = await encode(text, { headers, acceptEncoding: asked['accept-encoding'], carriesSecrets, hasTextInBytes });
  return { headers: { ...headers, 'content-length': String(Buffer.byteLength(text)), ...encoded.headers }, body: encoded.body };
};
