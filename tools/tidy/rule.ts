import type { RepositoryFile } from '../source/repository.ts';

/** Something that every file of some kind is held to. */
export interface TidyRule {
  readonly name: string;
  /** Why, and what to do instead. */
  readonly reason: string;
  /** Which files, as patterns of their paths. */
  readonly files: readonly string[];
  /** What is wrong with the files, each with the path and, where there is one, the line. */
  readonly find: (files: readonly RepositoryFile[]) => readonly string[];
}

/** A rule that looks at each file by itself. */
export const eachFile =
  (find: (file: RepositoryFile) => readonly string[]): TidyRule['find'] =>
  (files) =>
    files.flatMap(find);

/** A rule against words: every line that matches is named. */
export const noLineWith = (pattern: RegExp): TidyRule['find'] =>
  eachFile(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const found = pattern.exec(line)?.[0];
      return found === undefined ? [] : [`${path}:${index + 1}: ${found.trim()}`];
    }),
  );
