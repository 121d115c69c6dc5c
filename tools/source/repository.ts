import { globSync, readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';

/** A file of the repository: its path from the root, with forward slashes, and its text. */
export interface RepositoryFile {
  readonly path: string;
  readonly text: string;
}

export const repositoryRoot = join(import.meta.dirname, '..', '..');

const isFetched = (path: string): boolean =>
  /(^|\/)(node_modules|\.toolchain|\.data|\.tmp|web\/dist|web\/\.dist-\w+|web\/screenshots)(\/|$)/.test(path);

/** The files that match any of the patterns, in order of their paths; nothing that was installed or left by a run. */
export const filesMatching = (...patterns: readonly string[]): RepositoryFile[] =>
  globSync(patterns, { cwd: repositoryRoot, exclude: (path) => isFetched(path.replaceAll(sep, '/')) })
    .map((path) => path.replaceAll(sep, '/'))
    .filter((path) => !isFetched(path) && statSync(join(repositoryRoot, path)).isFile())
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(repositoryRoot, path), 'utf8') }));

/** The TypeScript files of the repository, tests and tools included. */
export const typeScriptFiles = (): RepositoryFile[] =>
  filesMatching('{libs,services,programs}/*/{src,test}/**/*.ts', 'web/**/*.{ts,tsx}', 'tests/**/*.ts', 'tools/**/*.ts', '*.ts');
