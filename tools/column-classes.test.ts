import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { browsedTables, type ColumnClasses } from '@guildhall/data-browser';
import { expect, test } from 'vitest';
import { columnClasses as audit } from '../services/audit/src/store/column-classes.ts';
import { columnClasses as auth } from '../services/auth/src/store/column-classes.ts';
import { columnClasses as solo } from '../services/gateway/src/store/solo/column-classes.ts';
import { columnClasses as team } from '../services/team-resources/src/store/column-classes.ts';
import { structuresOf } from './generate/table-structures.ts';
import { repositoryRoot } from './source/repository.ts';

const textOf = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');

const structuresIn = (schemaSql: string) =>
  Object.fromEntries(
    structuresOf(schemaSql).map(({ name, key, columns, references }) => [
      name,
      { key, columns: Object.fromEntries(columns), references: Object.fromEntries(references) },
    ]),
  );

const schemas: readonly (readonly [service: string, classes: ColumnClasses])[] = [
  ['auth', auth],
  ['team-resources', team],
  ['audit', audit],
  ['gateway', solo],
];

test.each(schemas)('every column of %s has a class, and no class is of a column that is gone', (service, classes) => {
  const tables = browsedTables(structuresIn(textOf(`services/${service}/schema.sql`)), classes);
  expect(tables.size).toBeGreaterThan(9);
});

test.each(schemas)('a column that is added to %s stops the process until somebody says what it holds', (service, classes) => {
  const schemaSql = textOf(`services/${service}/schema.sql`).replace(/\n {2}created_at /, '\n  added text,\n  created_at ');
  expect(() => browsedTables(structuresIn(schemaSql), classes)).toThrow(/\.added has no class/);
});

/** Words by which columns of secrets are called. */
const secretWords = /(^|_)(secret|sealed|password|token|code)_|_hash$|_hashes$/;
/** Columns that are called so and are no secret: digests of public things. */
const known = [
  'audit_events.leaf_hash',
  'checkpoints.root_hash',
  'removed_events.leaf_hash',
  'idempotency_keys.request_hash',
  'email_changes.auth_code_id',
  'registrations.auth_code_id',
];

test.each(schemas)('what is called like a secret in %s is classified as one', (service, classes) => {
  const tables = browsedTables(structuresIn(textOf(`services/${service}/schema.sql`)), classes);
  const shown = [...tables.values()].flatMap(({ name, columns }) => columns.map((column) => `${name}.${column.name}`));
  expect(shown.filter((path) => secretWords.test(path.split('.')[1] ?? '') && !known.includes(path))).toEqual([]);
});
