import { Type, type TSchema } from 'typebox';
import type { PublicContract } from './route.ts';

/** JSON Schema, as far as our schemas use it. */
interface Schema {
  readonly type?: string;
  readonly examples?: readonly unknown[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly default?: unknown;
  readonly minimum?: number;
}

/** An example of a schema, made of the examples of its fields. Throws where a field has none. */
export const exampleOf = (schema: TSchema): unknown => valueOf(schema, '');

const valueOf = (schema: Schema, at: string): unknown => {
  if (schema.examples !== undefined) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.anyOf !== undefined) return valueOf(schema.anyOf[0] ?? {}, at);
  if (schema.properties !== undefined) return objectOf(schema.properties, at);
  if (schema.items !== undefined) return [valueOf(schema.items, `${at}/0`)];
  if (schema.type === 'boolean') return true;
  if (schema.type === 'null') return null;
  throw new Error(`The schema has no example at ${at || 'its root'}.`);
};

const objectOf = (properties: Readonly<Record<string, Schema>>, at: string): object =>
  Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, valueOf(schema, `${at}/${name}`)]));

/** An example body of an operation; undefined where it takes none. */
export const exampleBodyOf = ({ body, example }: PublicContract): unknown =>
  body === undefined ? undefined : (example?.body ?? exampleOf(body));

const isSchema = (schema: TSchema | null): schema is TSchema => schema !== null;

/** An example of one of an operation's answers, of the first that has a body where none is named; undefined where it answers no body. */
export const exampleAnswerOf = ({ responses, example }: PublicContract, named?: object): unknown => {
  const first = Object.values(responses).find(isSchema);
  const answer = Object.values(responses).find((schema) => schema === named) ?? first;
  if (answer === undefined) return undefined;
  return answer === first ? (example?.answer ?? exampleOf(answer)) : exampleOf(answer);
};

/** Example values of the parameters of an operation's path. */
export const exampleParamsOf = ({ params }: PublicContract): Readonly<Record<string, unknown>> =>
  params === undefined ? {} : (exampleOf(Type.Object(params.properties)) as Record<string, unknown>);
