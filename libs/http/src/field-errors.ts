import { patternMessages } from '@guildhall/contracts';
import type { ErrorObject } from 'ajv';
import type { FieldError } from '@guildhall/errors';

/** The most faults that one answer tells. */
export const fieldErrorsMax = 100;

/**
 * The faults that Ajv found, by JSON Pointer (RFC 6901), at most `fieldErrorsMax`. A choice that failed names every value it
 * takes; where one of several schemas would do, the faults of the alternatives stand for the choice itself.
 */
export const fieldErrors = (found: readonly ErrorObject[]): readonly FieldError[] => {
  const faults = new Map<string, FieldError>();
  for (const [path, values] of choicesOf(found)) {
    const message = `must be one of ${values.map((value) => JSON.stringify(value)).join(', ')}`;
    faults.set(`${path} ${message}`, { path, message });
  }
  for (const each of found.filter((error) => !isChoice(error) && !isNoise(error, found))) {
    const fault = { path: pathOf(each), message: messageOf(each) };
    faults.set(`${fault.path} ${fault.message}`, fault);
  }
  return [...faults.values()].slice(0, fieldErrorsMax);
};

const isChoice = ({ keyword }: ErrorObject): boolean => keyword === 'enum' || keyword === 'const';

/** The allowed values at each path: those of its `enum`, or of the `const` of each alternative. */
const choicesOf = (found: readonly ErrorObject[]): ReadonlyMap<string, readonly unknown[]> => {
  const choices = new Map<string, unknown[]>();
  for (const { instancePath, params } of found.filter(isChoice)) {
    const values = (params['allowedValues'] as readonly unknown[] | undefined) ?? [params['allowedValue']];
    choices.set(instancePath, [...new Set([...(choices.get(instancePath) ?? []), ...values])]);
  }
  return choices;
};

/** A failed alternative says nothing beside the others: that none matched, or that the value might also have been null. */
const isNoise = (error: ErrorObject, found: readonly ErrorObject[]): boolean => {
  const isAlternative = error.keyword === 'anyOf' || (error.keyword === 'type' && error.params['type'] === 'null');
  return (
    isAlternative &&
    found.some(
      (other) =>
        other !== error && other.keyword !== 'anyOf' && pathOf(other).startsWith(error.instancePath) && !isSame(other, error),
    )
  );
};

const isSame = (one: ErrorObject, other: ErrorObject): boolean =>
  one.keyword === other.keyword && one.instancePath === other.instancePath && one.params['type'] === other.params['type'];

/** The path of the offending field itself: `instancePath` lacks an unknown or missing one. */
const pathOf = ({ instancePath, params }: ErrorObject): string => {
  const name: unknown = params['additionalProperty'] ?? params['missingProperty'];
  return typeof name === 'string' ? `${instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}` : instancePath;
};

/** The words in which a fault tells what a format allows. */
const formatMessages: Readonly<Record<string, string>> = {
  uuid: 'must be a UUID',
  email: 'must be an e-mail address',
  'date-time': 'must be a time with its zone, such as 2026-01-31T08:30:00Z',
};

const plural = (count: unknown, thing: string): string => `${String(count)} ${thing}${count === 1 ? '' : 's'}`;

/** The words for what Ajv itself tells in those of a schema, by keyword; undefined: Ajv's own. */
const keywordMessages: Readonly<Record<string, (params: Readonly<Record<string, unknown>>) => string | undefined>> = {
  additionalProperties: () => 'is not known here',
  pattern: ({ pattern }) => patternMessages.get(String(pattern)) ?? 'has characters that are not allowed',
  format: ({ format }) => formatMessages[String(format)],
  uniqueItems: ({ i, j }) => `must not hold the same twice: see items ${String(j)} and ${String(i)}`,
  minProperties: ({ limit }) => `must have at least ${plural(limit, 'field')}`,
  maxProperties: ({ limit }) => `must have at most ${plural(limit, 'field')}`,
  minItems: ({ limit }) => `must have at least ${plural(limit, 'item')}`,
  maxItems: ({ limit }) => `must have at most ${plural(limit, 'item')}`,
  minLength: ({ limit }) => `must have at least ${plural(limit, 'character')}`,
  maxLength: ({ limit }) => `must have at most ${plural(limit, 'character')}`,
};

/** Describes a fault in words that a form can show: never as a regular expression. */
const messageOf = ({ keyword, message = 'is not valid', params }: ErrorObject): string =>
  keywordMessages[keyword]?.(params) ?? message;
