import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { createRowSum, sha256, type BackupEnd, type BackupHead, type BackupLine, type TableDigest } from './backup-format.ts';
import { linesIn } from './lines-in.ts';

/** The error of a file that is no whole backup. Its message says what is wrong. */
export class BentBackup extends Error {
  constructor(file: string, why: string, cause?: unknown) {
    super(`${file} is no backup that can be used: ${why}`, { cause });
  }
}

/** Reads the lines of a backup. Throws BentBackup for a file that is cut off, damaged or another one. */
export async function* readBackup(file: string): AsyncGenerator<BackupLine> {
  const source = createReadStream(file);
  const unzipped = source.pipe(createGunzip());
  source.on('error', (error) => unzipped.destroy(error));
  try {
    for await (const text of linesIn(unzipped)) yield JSON.parse(text) as BackupLine;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new BentBackup(file, 'there is no such file.', error);
    throw new BentBackup(file, 'it is damaged or cut off.', error);
  }
}

export interface ExaminedBackup {
  readonly head: BackupHead;
  readonly end: BackupEnd;
}

/** Follows the lines, and holds the end to them. */
const createExamination = (file: string) => {
  const digest = sha256();
  const sums = new Map<string, ReturnType<typeof createRowSum>>();
  let head: BackupHead | undefined;
  let end: BackupEnd | undefined;
  const follow = (line: BackupLine): void => {
    if (end !== undefined) throw new BentBackup(file, 'something stands behind its end.');
    if ('end' in line) {
      end = line.end;
      return;
    }
    digest.update(`${JSON.stringify(line)}\n`);
    if ('head' in line) {
      head = line.head;
      return;
    }
    const sum = sums.get(line.table) ?? createRowSum();
    sums.set(line.table, sum);
    sum.add(line.row);
  };
  const conclude = (): ExaminedBackup => {
    if (head?.format !== 1) throw new BentBackup(file, 'it does not begin as one of this program.');
    if (end === undefined) throw new BentBackup(file, 'its end is missing.');
    if (digest.digest('hex') !== end.sha256) throw new BentBackup(file, 'its content is not what its end says.');
    const found = Object.fromEntries(
      Object.keys(end.tables).map((table) => [table, (sums.get(table) ?? createRowSum()).digest()]),
    );
    const wrong = differingTables(end.tables, found);
    if (wrong.length > 0) throw new BentBackup(file, `rows of ${wrong.join(', ')} are not what its end says.`);
    return { head, end };
  };
  return { follow, conclude };
};

/** The names of the tables that hold something else. */
export const differingTables = (
  expected: Readonly<Record<string, TableDigest>>,
  found: Readonly<Record<string, TableDigest>>,
): readonly string[] =>
  [...new Set([...Object.keys(expected), ...Object.keys(found)])].filter(
    (table) => expected[table]?.rows !== found[table]?.rows || expected[table]?.sum !== found[table]?.sum,
  );

/** Reads a backup to its end, and returns what it says of itself. Throws BentBackup unless every digest fits. */
export const examineBackup = async (file: string): Promise<ExaminedBackup> => {
  const { follow, conclude } = createExamination(file);
  for await (const line of readBackup(file)) follow(line);
  return conclude();
};
