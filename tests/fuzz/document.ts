import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** JSON Schema, as far as the OpenAPI document uses it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minProperties?: number;
  readonly examples?: readonly unknown[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Schema;
}

interface Media {
  readonly schema?: Schema;
  readonly example?: unknown;
  /** Examples of a problem, one for each code. */
  readonly examples?: Readonly<Record<string, unknown>>;
}

export interface Response {
  readonly content?: Readonly<Record<string, Media>>;
}

/** One operation of the document with its place in it. */
export interface Operation {
  readonly operationId: string;
  readonly method: string;
  /** The path with its parameters in braces. */
  readonly template: string;
  readonly security?: readonly object[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Response>>;
}

type DocumentOperation = Omit<Operation, 'method' | 'template' | 'parameters'> & { readonly parameters?: readonly Parameter[] };

/** The OpenAPI document that the gateway serves, as it is committed. */
export interface ApiDocument {
  readonly operations: readonly Operation[];
  /** The schema that a reference leads to. */
  readonly resolve: (schema: Schema) => Schema;
  /** The whole document, for a validator that follows its references. */
  readonly source: object;
}

const file = join(import.meta.dirname, '..', '..', 'services', 'gateway', 'openapi.json');
const prefix = '#/components/schemas/';

export const readDocument = (): ApiDocument => {
  const source = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentOperation>>>>;
    readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  };
  const { paths, components } = source;
  const operations = Object.entries(paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      parameters: operation.parameters ?? [],
      method: method.toUpperCase(),
      template,
    })),
  );
  const resolve = (schema: Schema): Schema => {
    if (schema.$ref === undefined) return schema;
    const found = components.schemas[schema.$ref.slice(prefix.length)];
    if (found === undefined) throw new Error(`The document has no ${schema.$ref}.`);
    return resolve(found);
  };
  return { operations, resolve, source };
};
