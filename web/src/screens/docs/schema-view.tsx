import { useTexts } from '../../i18n/texts.ts';
import { nameOf, type Schema } from './document.ts';
import { Prose } from './prose.tsx';
import { docsTexts } from './texts.ts';

type Schemas = Readonly<Record<string, Schema>>;

const resolved = (schema: Schema, schemas: Schemas): Schema => {
  const name = nameOf(schema);
  return name === null
    ? schema
    : { ...schemas[name], ...(schema.description === undefined ? {} : { description: schema.description }) };
};

const between = (min: number | undefined, max: number | undefined, of = ''): readonly string[] =>
  min === undefined && max === undefined ? [] : [`${min ?? ''}…${max ?? ''}${of}`];

/** The type of a value in a few words, as in `string uuid` or `integer 1…100`. */
const useType = (schemas: Schemas) => {
  const t = useTexts(docsTexts);
  const typeOf = (given: Schema): string => {
    const schema = resolved(given, schemas);
    const name = nameOf(given);
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum !== undefined) return `${t.oneOf} ${schema.enum.map((value) => JSON.stringify(value)).join(', ')}`;
    if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' | ');
    if (schema.type === 'array') return `${t.list}: ${typeOf(schema.items ?? {})}`;
    return [
      name ?? schema.type ?? '',
      schema.format ?? '',
      ...between(schema.minimum, schema.maximum),
      ...between(schema.minLength, schema.maxLength, ' characters'),
    ]
      .filter((part) => part !== '')
      .join(' ');
  };
  return typeOf;
};

interface FieldParts {
  readonly name: string;
  readonly schema: Schema;
  readonly schemas: Schemas;
  readonly isRequired: boolean;
  readonly depth: number;
}

/** The deepest level of fields that is drawn: recursive schemas have no end. */
const depthMax = 4;

const FieldRow = ({ name, schema, schemas, isRequired, depth }: FieldParts) => {
  const t = useTexts(docsTexts);
  const typeOf = useType(schemas);
  const { description, default: fallback } = resolved(schema, schemas);
  return (
    <li className="schema-field">
      <code className="schema-name">{name}</code> <span className="muted">{typeOf(schema)}</span>
      {isRequired ? <span className="badge">{t.required}</span> : null}
      {fallback === undefined ? null : <code>= {JSON.stringify(fallback)}</code>}
      {description === undefined ? null : (
        <p className="muted">
          <Prose text={description} />
        </p>
      )}
      {depth < depthMax ? <SchemaFields schema={schema} schemas={schemas} depth={depth + 1} /> : null}
    </li>
  );
};

interface SchemaFieldsParts {
  readonly schema: Schema;
  readonly schemas: Schemas;
  readonly depth?: number;
}

/** The object within a schema: itself, what its list holds, or the first of its alternatives that is one. */
const objectIn = (given: Schema, schemas: Schemas): Schema | null => {
  const schema = resolved(given, schemas);
  if (schema.properties !== undefined || schema.patternProperties !== undefined) return schema;
  if (schema.items !== undefined) return objectIn(schema.items, schemas);
  return schema.anyOf?.map((one) => objectIn(one, schemas)).find((found) => found !== null) ?? null;
};

/** The fields of a schema, one below the other, with theirs. */
export const SchemaFields = ({ schema, schemas, depth = 0 }: SchemaFieldsParts) => {
  const t = useTexts(docsTexts);
  const object = objectIn(schema, schemas);
  if (object === null) return null;
  const { properties = {}, patternProperties = {}, required = [] } = object;
  const named = [...Object.entries(properties), ...Object.values(patternProperties).map((value) => [t.anyName, value] as const)];
  return (
    <ul className="schema">
      {named.map(([name, value]) => (
        <FieldRow key={name} name={name} schema={value} schemas={schemas} isRequired={required.includes(name)} depth={depth} />
      ))}
    </ul>
  );
};

/** The type of a parameter or an answer, in a few words. */
export const TypeText = ({ schema, schemas }: Pick<SchemaFieldsParts, 'schema' | 'schemas'>) => (
  <span className="muted">{useType(schemas)(schema)}</span>
);
