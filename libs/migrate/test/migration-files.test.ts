import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { migrationNames, readMigrations } from '../src/index.ts';
import { folderOf, twoMigrations } from './fixtures.ts';

const halves = (name: string) => ({ [`${name}.up.sql`]: 'SELECT 1;', [`${name}.down.sql`]: 'SELECT 2;' });

describe('readMigrations', () => {
  test('answers pairs in their order', () => {
    expect(readMigrations(folderOf({ ...halves('0002_b'), ...halves('0001_a') }))).toEqual([
      { number: 1, name: '0001_a', upSql: 'SELECT 1;', downSql: 'SELECT 2;' },
      { number: 2, name: '0002_b', upSql: 'SELECT 1;', downSql: 'SELECT 2;' },
    ]);
    expect(migrationNames(folderOf(twoMigrations))).toEqual(['0001_create_shelves', '0002_create_books']);
  });

  test.each([
    ['a missing down file', { '0001_a.up.sql': 'SELECT 1;' }, '0001_a.down.sql is missing.'],
    ['a missing up file', { '0001_a.down.sql': 'SELECT 1;' }, '0001_a.up.sql is missing.'],
    ['an empty down file', { ...halves('0001_a'), '0001_a.down.sql': ' \n' }, '0001_a.down.sql is empty.'],
    ['a gap', { ...halves('0001_a'), ...halves('0003_c') }, '0003_c leaves a gap: 0002 is missing before it.'],
    ['a first number other than one', halves('0002_b'), '0002_b leaves a gap: 0001 is missing before it.'],
    ['a number that repeats', { ...halves('0001_a'), ...halves('0001_b') }, '0001_b has the same number as 0001_a.'],
    [
      'a name of another form',
      { ...halves('0001_a'), 'notes.sql': 'x' },
      'notes.sql is not named like a migration: NNNN_words.up.sql or NNNN_words.down.sql.',
    ],
  ])('refuses %s and names the file', (_what, files, message) => {
    const folder = folderOf(files);
    expect(() => readMigrations(folder)).toThrow(path.join(folder, message));
  });
});
