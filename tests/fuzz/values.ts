import type { Random } from '../chaos/random.ts';
import type { ApiDocument, Schema } from './document.ts';

/** Characters that software stumbles over; each is a valid part of a text in JSON. */
const oddTexts = ['é', '\u{1f48e}', '\u4e00', "'", '"', '\\', '%', '_', ';--', '<b>', '{{', '../', 'a b', '0', '-1', 'null'];
const usualTexts = ['Ada', 'night-shift', 'load orders', 'x', 'Payments', 'a-very-long-word-'.repeat(3)];

/** The longest text that is made where a schema has a larger bound. */
const textCharactersMax = 300;
const itemsMax = 3;

export interface ValueParts {
  readonly random: Random;
  readonly resolve: ApiDocument['resolve'];
  /** An id that an answer has named, for fields that are ids. */
  readonly knownId: () => string;
}

/** Makes a value that fits a schema, as far as its patterns allow: where a text does not match, its example is taken. */
export const valueOf = (parts: ValueParts, given: Schema, depth = 0): unknown => {
  const { random, resolve } = parts;
  const schema = resolve(given);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return random.pick(schema.enum as readonly [unknown]);
  if (schema.anyOf !== undefined) return valueOf(parts, random.pick(schema.anyOf as readonly [Schema]), depth);
  const type = typeof schema.type === 'string' ? schema.type : schema.type?.[random.below(schema.type.length)];
  if (type === 'string') return textOf(parts, schema);
  if (type === 'integer') return Math.floor(numberOf(random, schema));
  if (type === 'number') return numberOf(random, schema);
  if (type === 'boolean') return random.below(2) === 0;
  if (type === 'null') return null;
  if (type === 'array') return arrayOf(parts, schema, depth);
  if (type === 'object' || schema.properties !== undefined) return objectOf(parts, schema, depth);
  return schema.examples?.[0] ?? random.pick([null, 1, 'text', {}, []] as const);
};

const numberOf = (random: Random, { minimum = -1_000, maximum = 1_000_000 }: Schema): number => {
  const ends = [minimum, maximum, Math.min(maximum, minimum + 1)];
  return random.below(4) === 0 ? (ends[random.below(3)] ?? minimum) : minimum + random.below(Math.min(maximum - minimum + 1, 50));
};

const textOf = (parts: ValueParts, schema: Schema): string => {
  const { random } = parts;
  const { minLength = 0, maxLength = textCharactersMax, format, pattern, examples = [] } = schema;
  if (format === 'uuid') return parts.knownId();
  if (format === 'email') return `fuzz-${random.below(1_000_000)}@example.test`;
  if (format === 'date-time') return new Date(Date.UTC(2026, random.below(12), 1 + random.below(28))).toISOString();
  const pieces = Array.from({ length: 1 + random.below(4) }, () =>
    random.below(3) === 0
      ? random.pick(oddTexts as unknown as readonly [string])
      : random.pick(usualTexts as unknown as readonly [string]),
  );
  const made = pieces.join('').padEnd(minLength, 'x').slice(0, Math.min(maxLength, textCharactersMax));
  const fits = pattern === undefined || new RegExp(pattern, 'u').test(made);
  if (fits) return made.toWellFormed();
  return typeof examples[0] === 'string' ? examples[0] : 'x';
};

const arrayOf = (parts: ValueParts, { items = {}, minItems = 0, maxItems = itemsMax, uniqueItems }: Schema, depth: number) => {
  const count = Math.min(maxItems, minItems + parts.random.below(itemsMax));
  const values = Array.from({ length: count }, () => valueOf(parts, items, depth + 1));
  return uniqueItems === true ? [...new Map(values.map((value) => [JSON.stringify(value), value])).values()] : values;
};

const objectOf = (parts: ValueParts, schema: Schema, depth: number): Record<string, unknown> => {
  const { properties = {}, required = [] } = schema;
  const names = Object.keys(properties).filter((name) => required.includes(name) || parts.random.below(2) === 0);
  return Object.fromEntries(names.map((name) => [name, valueOf(parts, properties[name] ?? {}, depth + 1)]));
};

/** Values that no field of ours is meant to hold, or that software reads differently than people. */
export const brokenValues: readonly [unknown, ...unknown[]] = [
  null,
  true,
  -1,
  0,
  1.5,
  Number.MAX_SAFE_INTEGER + 2,
  1e300,
  '',
  ' ',
  '\u0000',
  '\u202e',
  '\ud800',
  '\u{1f48e}'.repeat(5_000),
  '1e400',
  '0x10',
  'x'.repeat(100_000),
  [],
  {},
  [[[[[[[[]]]]]]]],
  { __proto__: null, constructor: { prototype: { isAdmin: true } } },
  '2026-13-45T99:99:99Z',
  '9999-12-31T23:59:60Z',
  '00000000-0000-0000-0000-000000000000',
];
