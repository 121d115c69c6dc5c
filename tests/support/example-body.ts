import type { TSchema } from 'typebox';

interface Shape {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly anyOf?: readonly TSchema[];
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly minimum?: number;
}

const textOfFormat: Readonly<Record<string, string>> = {
  email: 'somebody@example.test',
  uuid: '00000000-0000-4000-8000-000000000000',
  'date-time': '2026-01-01T00:00:00.000Z',
};

/** A value that fits a schema in its type; `textFor` gives the texts that are not bound to a form, by their field's name. */
export const exampleOf = (schema: TSchema, textFor: (field: string) => string, field = ''): unknown => {
  const shape = schema as Shape;
  if (shape.const !== undefined) return shape.const;
  if (shape.enum !== undefined) return shape.enum[0];
  if (shape.anyOf?.[0] !== undefined) return exampleOf(shape.anyOf[0], textFor, field);
  switch (shape.type ?? 'anything') {
    case 'object':
      return Object.fromEntries(
        Object.entries(shape.properties ?? {}).map(([name, inner]) => [name, exampleOf(inner, textFor, name)]),
      );
    case 'string':
      return (shape.format === undefined ? undefined : textOfFormat[shape.format]) ?? textFor(field);
    case 'integer':
    case 'number':
      return shape.minimum ?? 1;
    case 'boolean':
      return false;
    case 'array':
      return [];
    default:
      return textFor(field);
  }
};
