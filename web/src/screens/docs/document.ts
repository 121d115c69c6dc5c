import { problemOf } from '../../api/problem.ts';

/** A JSON Schema, as far as this page draws it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface Media {
  readonly schema?: Schema;
  readonly example?: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
  readonly example?: unknown;
}

interface Answer {
  readonly description: string;
  readonly content?: Readonly<Record<string, Media>>;
}

interface Described {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly description?: string; readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Answer>>;
}

/** An operation with its method and path. */
export interface ApiOperation extends Described {
  readonly method: string;
  readonly path: string;
}

interface OpenApi {
  readonly info: { readonly version: string };
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface ApiDocument {
  readonly tags: OpenApi['tags'];
  readonly operations: readonly ApiOperation[];
  readonly schemas: Readonly<Record<string, Schema>>;
}

/** Reads the OpenAPI document of the gateway. Throws a ProblemError. */
export const readDocument = async (): Promise<ApiDocument> => {
  const answer = await fetch('/openapi.json');
  if (!answer.ok) throw await problemOf(answer);
  const { tags, paths, components } = (await answer.json()) as OpenApi;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ ...described, path, method: method.toUpperCase() })),
  );
  return { tags, operations, schemas: components.schemas };
};

/** The name of the schema that a reference is to; null for a schema that stands there itself. */
export const nameOf = ({ $ref }: Schema): string | null => $ref?.split('/').at(-1) ?? null;

/** The media type of a body or an answer, and what it holds; null for none. */
export const mediaOf = (content: Readonly<Record<string, Media>> | undefined): (Media & { readonly type: string }) | null => {
  const [first] = Object.entries(content ?? {});
  return first === undefined ? null : { type: first[0], ...first[1] };
};

/** The names of the credentials that an operation takes. */
export const credentialsOf = ({ security = [] }: ApiOperation): readonly string[] => security.flatMap(Object.keys);

/** True where the answer is a stream of events, which has no end. */
export const isStream = ({ responses }: ApiOperation): boolean =>
  Object.keys(responses['200']?.content ?? {}).includes('text/event-stream');
