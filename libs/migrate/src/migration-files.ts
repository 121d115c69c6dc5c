import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { checkList, checksumOf, extendedList, listName, type Checksums } from './checksums.ts';

export interface MigrationFile {
  /** The position of the migration: from 1, without gaps. */
  readonly number: number;
  /** `0001_create_users`: what is recorded in the database. */
  readonly name: string;
  readonly upSql: string;
  readonly downSql: string;
  /** SHA-256 of the files. */
  readonly upChecksum: string;
  readonly downChecksum: string;
}

const filePattern = /^(\d{4})_([a-z0-9]+(?:_[a-z0-9]+)*)\.(up|down)\.sql$/;

interface Half {
  readonly file: string;
  readonly number: number;
  readonly name: string;
  readonly direction: string;
}

const readHalf = (folder: string, file: string): Half => {
  const [, digits, words, direction] = filePattern.exec(file) ?? [];
  if (digits === undefined || words === undefined || direction === undefined) {
    throw new Error(`${path.join(folder, file)} is not named like a migration: NNNN_words.up.sql or NNNN_words.down.sql.`);
  }
  return { file, number: Number(digits), name: `${digits}_${words}`, direction };
};

const readSql = (folder: string, file: string): string => {
  const text = readFileSync(path.join(folder, file), 'utf8');
  if (text.trim() === '') throw new Error(`${path.join(folder, file)} is empty.`);
  return text;
};

const checkPair = (folder: string, name: string, halves: readonly Half[]): void => {
  for (const direction of ['up', 'down']) {
    if (!halves.some((half) => half.name === name && half.direction === direction)) {
      throw new Error(`${path.join(folder, `${name}.${direction}.sql`)} is missing.`);
    }
  }
};

const withSum = (name: string, sums: Checksums): string => `${name} (${sums.get(`${name}.up.sql`) ?? 'no up file'})`;

const checkRepeats = (folder: string, names: readonly string[], sums: Checksums): void => {
  for (const [index, name] of names.entries()) {
    const earlier = names[index - 1];
    if (earlier?.slice(0, 4) !== name.slice(0, 4)) continue;
    throw new Error(`${path.join(folder, withSum(name, sums))} has the same number as ${withSum(earlier, sums)}.`);
  }
};

const checkGaps = (folder: string, names: readonly string[]): void => {
  for (const [index, name] of names.entries()) {
    const expected = String(index + 1).padStart(4, '0');
    if (!name.startsWith(expected)) throw new Error(`${path.join(folder, name)} leaves a gap: ${expected} is missing before it.`);
  }
};

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder).filter((file) => !file.startsWith('.') && file !== listName);

const checksumsIn = (folder: string, files: readonly string[]): Checksums =>
  new Map(files.map((file) => [file, checksumOf(readFileSync(path.join(folder, file)))]));

/** The text of `checksums.txt` with every file of the folder. Throws an Error if a listed file has changed. */
export const checksumList = (folder: string): string => extendedList(folder, checksumsIn(folder, filesIn(folder)));

/**
 * Reads the migrations of a folder in order. Throws an Error that names the file if one does not match `checksums.txt`, lacks
 * its other half or is empty, or if numbers repeat or leave a gap.
 */
export const readMigrations = (folder: string): readonly MigrationFile[] => {
  const files = filesIn(folder);
  const halves = files.map((file) => readHalf(folder, file));
  const sums = checksumsIn(folder, files);
  const names = [...new Set(halves.map((half) => half.name))].toSorted();
  checkRepeats(folder, names, sums);
  checkList(folder, sums);
  checkGaps(folder, names);
  return names.map((name) => {
    checkPair(folder, name, halves);
    return {
      number: Number(name.slice(0, 4)),
      name,
      upSql: readSql(folder, `${name}.up.sql`),
      downSql: readSql(folder, `${name}.down.sql`),
      upChecksum: sums.get(`${name}.up.sql`) ?? '',
      downChecksum: sums.get(`${name}.down.sql`) ?? '',
    };
  });
};

/** The names of the migrations: what a service expects to be recorded in its schema. */
export const migrationNames = (folder: string): readonly string[] => readMigrations(folder).map(({ name }) => name);
