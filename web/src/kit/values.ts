import type { Field, Fields } from '../api/field-kinds.ts';

/** The contents of the fields of a form: texts, as their inputs have them. A box that is ticked is `yes`. */
export type Values = Readonly<Record<string, string>>;

/** The local time of a moment, as `datetime-local` has it; empty for none. */
export const localTime = (iso: unknown): string => {
  if (typeof iso !== 'string') return '';
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

/** The moment of a local time as `datetime-local` has it. */
export const isoTime = (local: string): string => new Date(local).toISOString();

const textOf = ({ kind, options, isRequired }: Field, value: unknown): string => {
  if (kind === 'time') return localTime(value);
  if (kind === 'check') return value === true ? 'yes' : '';
  if (Array.isArray(value)) return value.join('\n');
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return kind === 'choice' && isRequired === true ? (options?.[0] ?? '') : '';
};

/** The values of the fields in an item; empty ones where there is none. */
export const valuesOf = (fields: Fields, item: object = {}): Values =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, textOf(field, (item as Readonly<Record<string, unknown>>)[name])]),
  );

const lines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** The value of a field as a body has it; undefined for one that is left empty. */
const bodyValue = ({ kind }: Field, text: string): unknown => {
  if (kind === 'check') return text === 'yes';
  if (kind === 'lines') return lines(text);
  const trimmed = kind === 'text' ? text : text.trim();
  if (trimmed === '') return undefined;
  if (kind === 'number') return Number(trimmed);
  return kind === 'time' ? isoTime(trimmed) : trimmed;
};

/** The body of a create: what was left empty is left out. */
export const createdBody = (fields: Fields, values: Values): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(fields)
      .map(([name, field]) => [name, bodyValue(field, values[name] ?? '')] as const)
      .filter(([, value]) => value !== undefined && value !== false),
  );

const emptied = ({ kind }: Field): unknown => (kind === 'line' || kind === 'text' ? '' : null);

/** The body of an update: what was changed alone. A field without a value that was emptied is null, a text the empty one. */
export const changedBody = (
  fields: Fields,
  before: Values,
  values: Values,
  nullable: readonly string[] = [],
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => (values[name] ?? '') !== (before[name] ?? ''))
      .map(([name, field]) => [name, bodyValue(field, values[name] ?? '') ?? (nullable.includes(name) ? null : emptied(field))]),
  );
