import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The SHA-256 of each file by its name, in the form of sha256sum. */
export type Checksums = ReadonlyMap<string, string>;

export const listName = 'checksums.txt';

/** SHA-256 of the bytes, in hexadecimal. */
export const checksumOf = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

const linePattern = /^([0-9a-f]{64}) {2}(\S+)$/;

const parseList = (file: string, text: string): Checksums => {
  const sums = new Map<string, string>();
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, sum, name] = linePattern.exec(line) ?? [];
    if (sum === undefined || name === undefined) throw new Error(`${file} holds a line that is no checksum: ${line}`);
    if (sums.has(name)) throw new Error(`${file} lists ${name} twice: with ${sums.get(name) ?? ''} and with ${sum}.`);
    sums.set(name, sum);
  }
  return sums;
};

/** Reads the committed `checksums.txt` of a folder; null if it has none. */
const readList = (folder: string): Checksums | null => {
  const file = path.join(folder, listName);
  return existsSync(file) ? parseList(file, readFileSync(file, 'utf8')) : null;
};

const missing = (folder: string, name: string, sum: string, present: Checksums, listed: Checksums): string => {
  const words = name.replace(/^\d+_/, '');
  const strangers = [...present].filter(([other]) => !listed.has(other));
  const twin = strangers.find(([other]) => other.endsWith(`_${words}`)) ?? strangers.find(([, otherSum]) => otherSum === sum);
  const found = twin === undefined ? 'there is no such file' : `it seems to be ${twin[0]} now, with ${twin[1]}`;
  return `${path.join(folder, name)} is missing: ${listName} has it with ${sum}, ${found}. A committed migration is never removed or renumbered: put it back, and write a new one.`;
};

const changed = (folder: string, name: string, listed: string, sum: string): string =>
  `${path.join(folder, name)} was changed: ${listName} has it with ${listed}, the file has ${sum}. A committed migration is never changed: put it back as it was, and write a new one.`;

/**
 * Compares a folder with its checksum list: one sentence, with both checksums, per file that differs or is missing. Files that
 * are not listed yet are no contradiction.
 */
const contradictions = (folder: string, present: Checksums, listed: Checksums): readonly string[] =>
  [...listed].flatMap(([name, sum]) => {
    const found = present.get(name);
    if (found === undefined) return [missing(folder, name, sum, present, listed)];
    return found === sum ? [] : [changed(folder, name, sum, found)];
  });

/** Throws an Error unless the list holds the checksum of every file, and of nothing else. */
export const checkList = (folder: string, present: Checksums): void => {
  const listed = readList(folder);
  if (listed === null) throw new Error(`${path.join(folder, listName)} is missing: make generate writes it.`);
  const faults = contradictions(folder, present, listed);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  const unlisted = [...present].find(([name]) => !listed.has(name));
  if (unlisted !== undefined) {
    throw new Error(`${path.join(folder, unlisted[0])} is not in ${listName} (it has ${unlisted[1]}): make generate adds it.`);
  }
};

/**
 * The checksum list of a folder, extended by the files that it lacks. Existing lines are never rewritten: throws an Error if a
 * file does not match its line.
 */
export const extendedList = (folder: string, present: Checksums): string => {
  const listed = readList(folder) ?? new Map<string, string>();
  const faults = contradictions(folder, present, listed);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return [...new Map([...present, ...listed])]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, sum]) => `${sum}  ${name}\n`)
    .join('');
};
