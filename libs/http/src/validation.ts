import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
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

/**
 * Integers in their one decimal form that a JavaScript number can hold. `Number` would also read `1e1`, `0x10`, `+1`, ` 10` and an
 * empty text, which nobody meant.
 */
const integer = /^(?:0|-?[1-9][0-9]{0,15})$/;

const isInteger = (text: string): boolean => integer.test(text) && Number.isSafeInteger(Number(text));

/** Reads a text by the type of its field. A text that is not in the form of that type stays one, and is then refused. */
const valueOf = (type: unknown, text: unknown): unknown => {
  if (typeof text !== 'string') return text;
  if (type === 'integer' && isInteger(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
};

interface FieldTypes {
  readonly properties?: Readonly<Record<string, { readonly type?: unknown }>>;
}

/** Queries and paths are texts: the integers and truth values in them are read before they are validated, in place. */
const readingTexts = (validate: ValidateFunction, { properties = {} }: FieldTypes) => {
  const fields = Object.entries(properties).map(([name, { type }]) => [name, type] as const);
  const check = Object.assign(
    (values: Record<string, unknown>): boolean => {
      for (const [name, type] of fields) if (name in values) values[name] = valueOf(type, values[name]);
      const isValid = validate(values);
      check.errors = validate.errors ?? null;
      return isValid;
    },
    { errors: null as ErrorObject[] | null },
  );
  return check;
};

/** A validator of requests. Bodies are validated as they are, queries and paths after their texts were read. */
export const createValidatorCompiler = (): FastifySchemaCompiler<object> => {
  const ajv = withFormats({ ...strict, coerceTypes: false });
  return ({ schema, httpPart }) => {
    const validate = ajv.compile(schema);
    return httpPart === 'body' ? validate : readingTexts(validate, schema);
  };
};
