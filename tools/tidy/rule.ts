import type { RepositoryFile } from '../source/repository.ts';

/** A rule that every file of some kind is checked against. */
export interface TidyRule {
  readonly name: string;
  /** The reason, and the replacement. */
  readonly reason: string;
  /** The patterns of the paths that are checked. */
  readonly files: readonly string[];
  /** Finds violations, each with the path and, where there is one, the line. */
  readonly find: (files: readonly RepositoryFile[]) => readonly string[];
}

/** A rule that checks each file by itself. */
export const eachFile =
  (find: (file: RepositoryFile) => readonly string[]): TidyRule['find'] =>
  (files) =>
    files.flatMap(find);

/** A rule that reports every line that matches. */
export const noLineWith = (pattern: RegExp): TidyRule['find'] =>
  eachFile(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const found = pattern.exec(line)?.[0];
      return found === undefined ? [] : [`${path}:${index + 1}: ${found.trim()}`];
    }),
  );
