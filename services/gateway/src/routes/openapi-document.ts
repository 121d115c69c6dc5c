import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { anyone } from '../core/admission/access-rule.ts';

interface WrittenDocument {
  readonly json: string;
  /** The hash in the entity tag. */
  readonly hash: string;
}

const write = (document: object): WrittenDocument => {
  const json = JSON.stringify(document);
  return { json, hash: createHash('sha256').update(json).digest('base64url') };
};

/** The documents that were written: to write one takes 50 ms, and every server of a process has the same. */
const written = new WeakMap<object, WrittenDocument>();

/**
 * `GET /openapi.json`, which the console draws at `/docs`. It is served with an entity tag: a client that has it already is answered 304
 * (RFC 9110, section 13.1.2).
 */
export const addDocument = (app: FastifyInstance, document: Readonly<Record<string, unknown>>): void => {
  const { json, hash } = written.get(document) ?? write(document);
  written.set(document, { json, hash });
  app.get('/openapi.json', { config: { access: anyone } }, async ({ headers }, reply) => {
    void reply.header('etag', `"${hash}"`).header('cache-control', 'no-cache');
    if (headers['if-none-match']?.includes(hash) === true) return reply.code(304).send();
    return reply.type('application/json; charset=utf-8').send(json);
  });
};
