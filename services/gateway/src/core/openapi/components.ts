export type Json = Readonly<Record<string, unknown>>;

/** The named schemas of the document. */
export interface Components {
  /** A schema as the document writes it: a reference where it has a name, or where `name` gives it one. */
  schemaOf(schema: object, name?: string): Json;
  all(): Json;
}

/** Keywords of JSON Schema whose values are data, not schemas. */
const dataKeywords: ReadonlySet<string> = new Set(['examples', 'default', 'const', 'enum', 'required']);

/**
 * Collects the schemas that have a title: each becomes a component of that name, and a reference wherever it is used.
 * Throws where two different schemas have one name.
 */
export const createComponents = (): Components => {
  const components = new Map<string, Json>();
  const rewrite = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rewrite);
    return typeof value === 'object' && value !== null ? rewriteSchema(value as Json) : value;
  };
  const rewriteSchema = (schema: Json): Json => {
    const { title, ...rest } = Object.fromEntries(
      Object.entries(schema).map(([keyword, value]) => [keyword, dataKeywords.has(keyword) ? value : rewrite(value)]),
    );
    if (typeof title !== 'string') return withType(title === undefined ? rest : { title, ...rest });
    const known = components.get(title);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(rest))
      throw new Error(`Two different schemas are called ${title}.`);
    components.set(title, rest);
    return { $ref: `#/components/schemas/${title}` };
  };
  return {
    schemaOf: (schema, name) => {
      const json = plain(schema);
      return rewriteSchema(name === undefined || 'title' in json ? json : { title: name, ...json });
    },
    all: () => Object.fromEntries([...components].toSorted(([one], [other]) => (one < other ? -1 : 1))),
  };
};

/** Client generators take an `enum` without a type for one of unknown values. */
const withType = (schema: Json): Json =>
  Array.isArray(schema['enum']) && schema['type'] === undefined && schema['enum'].every((value) => typeof value === 'string')
    ? { type: 'string', ...schema }
    : schema;

/** A schema as plain JSON: without what the schema library keeps in it for itself. */
const plain = (schema: object): Json => JSON.parse(JSON.stringify(schema)) as Json;
