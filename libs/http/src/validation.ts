import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/** A UUID as every database takes it: not as a URN (RFC 9562, section 4). */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Unknown fields are refused by the schemas themselves; they are never silently removed, and no value changes its type. */
const ajv = new Ajv({
  removeAdditional: false,
  useDefaults: true,
  allErrors: true,
  strictTypes: false,
  strictTuples: false,
  coerceTypes: false,
});
addFormats.default(ajv);
ajv.addFormat('uuid', uuid);

/** Compiles a schema. The returned function fills in defaults, and leaves every fault that it finds in its `errors`. */
export const compileSchema = (schema: object): ValidateFunction => ajv.compile(schema);
