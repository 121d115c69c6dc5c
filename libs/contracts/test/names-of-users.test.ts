import { expect, test } from 'vitest';
import * as contracts from '../src/index.ts';
import type { PublicContract } from '../src/index.ts';

/** Every field of an answer that holds the id of a user has the user's name beside it. */

interface Field {
  readonly title?: string;
  readonly properties?: Readonly<Record<string, Field>>;
  readonly items?: Field;
  readonly anyOf?: readonly Field[];
}

/** The fields without a name beside them, with the reason. */
const nameless: Readonly<Record<string, string>> = {
  'OwnPermissions.userId': 'It is the caller.',
  'PermissionExplanation.userId': 'It repeats what was asked.',
  'GlobalPermissionExplanation.userId': 'It repeats what was asked.',
};

/** The name that belongs beside a field: undefined where the field holds no user. */
const nameOf = (field: string): string | undefined => {
  if (field === 'userId') return 'displayName';
  if (field.endsWith('UserId')) return field.replace(/UserId$/, 'Name');
  return field.endsWith('By') ? `${field}Name` : undefined;
};

/** The fields of users in a schema, each with whether the name is beside it; `path` names a schema without a title. */
const usersIn = ({ title, properties = {}, items, anyOf = [] }: Field, path: string): readonly (readonly [string, boolean])[] => [
  ...Object.keys(properties).flatMap((field) => {
    const name = nameOf(field);
    return name === undefined ? [] : [[`${title ?? path}.${field}`, name in properties] as const];
  }),
  ...Object.entries(properties).flatMap(([field, schema]) => usersIn(schema, `${path}.${field}`)),
  ...[...(items === undefined ? [] : [items]), ...anyOf].flatMap((schema) => usersIn(schema, path)),
];

const isPublic = (value: unknown): value is PublicContract =>
  typeof value === 'object' && value !== null && 'path' in value && String(value.path).startsWith('/v1/');
const publicContracts = Object.values(contracts)
  .flatMap((group): readonly unknown[] => (typeof group === 'object' ? Object.values(group) : []))
  .filter(isPublic);

test('who created, requested, resolved or granted something is told by name', () => {
  const users = publicContracts.flatMap(({ name, responses }) =>
    Object.values(responses).flatMap((answer) => (answer === null ? [] : usersIn(answer as Field, name))),
  );
  const missing = new Set(users.filter(([, isNamed]) => !isNamed).map(([field]) => field));
  expect([...missing].toSorted()).toEqual(Object.keys(nameless).toSorted());
  expect(new Set(users.map(([field]) => field)).size).toBeGreaterThan(30);
});
