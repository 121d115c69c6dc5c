import type { FastifyInstance } from 'fastify';
import { anyone } from '../core/admission/access-rule.ts';
import type { Witness } from '../core/witness/witness.ts';

export interface WitnessRouteParts {
  readonly witness: Witness;
  readonly originOf: (originHash: string) => string | null;
  /** The key of the witness as verifiers take it. */
  readonly keyText: string;
}

/** More than a proof of 63 hashes and a checkpoint with many signatures. */
const bodyBytesMax = 16_384;
const config = { access: anyone };

/**
 * The witness's routes (C2SP tlog-witness), under `/witness` for writing and reading. Open to anyone: a checkpoint of a log that
 * is not known, or without its signature, changes nothing.
 */
export const addWitnessRoutes = (app: FastifyInstance, { witness, originOf, keyText }: WitnessRouteParts): void => {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: bodyBytesMax }, (_request, body, done) => done(null, body));
    scope.post('/witness/add-checkpoint', { config, bodyLimit: bodyBytesMax }, async (request, reply) => {
      const answer = await witness.addCheckpoint(typeof request.body === 'string' ? request.body : '');
      void reply.code(answer.status).header('cache-control', 'no-store').type('text/plain; charset=utf-8');
      if (answer.status === 200) return answer.cosignatures;
      return answer.status === 409 ? reply.type('text/x.tlog.size').send(`${answer.size}\n`) : `${answer.reason}\n`;
    });
    scope.get<{ Params: { originHash: string } }>('/witness/:originHash/checkpoint', { config }, async ({ params }, reply) => {
      const origin = originOf(params.originHash);
      const note = origin === null ? null : witness.checkpoint(origin);
      void reply.header('cache-control', 'no-cache').type('text/plain; charset=utf-8');
      return note ?? reply.code(404).send('No checkpoint of this log was cosigned here.\n');
    });
    scope.get('/witness/key', { config }, async (_request, reply) =>
      reply.header('cache-control', 'no-cache').type('text/plain; charset=utf-8').send(`${keyText}\n`),
    );
  });
};
