import { Ajv, type Options } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';

/** Unknown fields are refused by the schemas themselves; they are never silently removed. */
const strict: Options = { removeAdditional: false, useDefaults: true, allErrors: false, strictTypes: false, strictTuples: false };

/** A UUID as every database takes it: not as a URN (RFC 9562, section 4). */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const withFormats = (options: Options): Ajv => {
  const ajv = new Ajv(options);
  addFormats.default(ajv);
  ajv.addFormat('uuid', uuid);
  return ajv;
};

/** Bodies must have the types they say; queries, paths and headers are text, so that numbers are read from it. */
export const createValidatorCompiler = (): FastifySchemaCompiler<object> => {
  const bodies = withFormats({ ...strict, coerceTypes: false });
  const texts = withFormats({ ...strict, coerceTypes: true });
  return ({ schema, httpPart }) => (httpPart === 'body' ? bodies : texts).compile(schema);
};
