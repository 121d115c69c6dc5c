import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checksumOf } from '../src/checksums.ts';
import { checksumList, migrationNames, readMigrations } from '../src/index.ts';
import { folderOf, twoMigrations } from './fixtures.ts';

const one = checksumOf('SELECT 1;');
const two = checksumOf('SELECT 2;');
const sums = { upChecksum: one, downChecksum: two };
const halves = (name: string) => ({ [`${name}.up.sql`]: 'SELECT 1;', [`${name}.down.sql`]: 'SELECT 2;' });

describe('readMigrations', () => {
  test('answers pairs in their order', () => {
    expect(readMigrations(folderOf({ ...halves('0002_b'), ...halves('0001_a') }))).toEqual([
      { number: 1, name: '0001_a', upSql: 'SELECT 1;', downSql: 'SELECT 2;', ...sums },
      { number: 2, name: '0002_b', upSql: 'SELECT 1;', downSql: 'SELECT 2;', ...sums },
    ]);
    expect(migrationNames(folderOf(twoMigrations))).toEqual(['0001_create_shelves', '0002_create_books']);
  });

  test.each([
    ['a missing down file', { '0001_a.up.sql': 'SELECT 1;' }, '0001_a.down.sql is missing.'],
    ['a missing up file', { '0001_a.down.sql': 'SELECT 1;' }, '0001_a.up.sql is missing.'],
    ['an empty down file', { ...halves('0001_a'), '0001_a.down.sql': ' \n' }, '0001_a.down.sql is empty.'],
    ['a gap', { ...halves('0001_a'), ...halves('0003_c') }, '0003_c leaves a gap: 0002 is missing before it.'],
    ['a first number other than one', halves('0002_b'), '0002_b leaves a gap: 0001 is missing before it.'],
    [
      'a number that repeats',
      { ...halves('0001_a'), ...halves('0001_b') },
      `0001_b (${one}) has the same number as 0001_a (${one}).`,
    ],
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

const committed = (): { readonly folder: string; readonly at: (name: string) => string } => {
  const folder = folderOf({ ...halves('0001_a'), ...halves('0002_b') });
  return { folder, at: (name) => path.join(folder, name) };
};

describe('a committed file', () => {
  const list = `${two}  0001_a.down.sql\n${one}  0001_a.up.sql\n${two}  0002_b.down.sql\n${one}  0002_b.up.sql\n`;
  const committedRule = 'put it back';

  test('is listed with its SHA-256, in the form of sha256sum', () => {
    const { at } = committed();
    expect(readFileSync(at('checksums.txt'), 'utf8')).toBe(list);
  });

  test('that was changed stops everything, with its name and both sums, and its line stays', () => {
    const { folder, at } = committed();
    appendFileSync(at('0001_a.down.sql'), '\n');
    const fault = `${at('0001_a.down.sql')} was changed: checksums.txt has it with ${two}, the file has ${checksumOf('SELECT 2;\n')}.`;
    expect(() => readMigrations(folder)).toThrow(fault);
    expect(() => checksumList(folder)).toThrow(fault);
    expect(readFileSync(at('checksums.txt'), 'utf8')).toBe(list);
  });

  test('that is missing stops everything, with its name and its sum', () => {
    const { folder, at } = committed();
    for (const half of ['up', 'down']) rmSync(at(`0002_b.${half}.sql`));
    const fault = `${at('0002_b.down.sql')} is missing: checksums.txt has it with ${two}, there is no such file.`;
    expect(() => readMigrations(folder)).toThrow(fault);
    expect(() => checksumList(folder)).toThrow(committedRule);
  });

  test('that was renumbered stops everything, with both names and both sums', () => {
    const { folder, at } = committed();
    for (const half of ['up', 'down']) renameSync(at(`0002_b.${half}.sql`), at(`0003_b.${half}.sql`));
    expect(() => readMigrations(folder)).toThrow(
      `${at('0002_b.up.sql')} is missing: checksums.txt has it with ${one}, it seems to be 0003_b.up.sql now, with ${one}`,
    );
  });

  test('is needed in the list before it can be run, and the list is only ever added to', () => {
    const { folder, at } = committed();
    for (const [file, text] of Object.entries(halves('0003_c'))) writeFileSync(at(file), text);
    expect(() => readMigrations(folder)).toThrow(
      `${at('0003_c.down.sql')} is not in checksums.txt (it has ${two}): make generate adds it.`,
    );
    expect(checksumList(folder)).toBe(`${list}${two}  0003_c.down.sql\n${one}  0003_c.up.sql\n`);
    rmSync(at('checksums.txt'));
    expect(() => readMigrations(folder)).toThrow(`${at('checksums.txt')} is missing: make generate writes it.`);
  });

  test('is listed once', () => {
    const { folder, at } = committed();
    appendFileSync(at('checksums.txt'), `${one}  0001_a.down.sql\n`);
    expect(() => readMigrations(folder)).toThrow(`lists 0001_a.down.sql twice: with ${two} and with ${one}.`);
  });
});
