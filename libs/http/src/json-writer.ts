import buildWriter, { type Schema } from 'fast-json-stringify';

type JsonWriter = (value: unknown) => string;

/** The compiled writers, by schema. The schemas of a contract are the same objects in every server of a process. */
const writers = new WeakMap<object, JsonWriter>();

/**
 * Returns a function that writes values as JSON by their schema. The schema is compiled with the first value (lazy initialisation),
 * once in a process: compiling those of every route at the start would more than double its processor time.
 */
export const jsonWriterOf =
  (schema: object): JsonWriter =>
  (value) => {
    const write = writers.get(schema) ?? buildWriter(schema as Schema);
    writers.set(schema, write);
    return write(value);
  };
