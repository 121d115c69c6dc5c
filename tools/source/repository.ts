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

const pathsMatching = (patterns: readonly string[]): readonly string[] =>
  globSync(patterns, { cwd: repositoryRoot, exclude: (path) => isFetched(path.replaceAll(sep, '/')) })
    .map((path) => path.replaceAll(sep, '/'))
    .filter((path) => !isFetched(path) && statSync(join(repositoryRoot, path)).isFile())
    .toSorted();

const readAt = (path: string): RepositoryFile => ({ path, text: readFileSync(join(repositoryRoot, path), 'utf8') });

/** The files that match any of the patterns, in order of their paths; nothing that was installed or left by a run. */
export const filesMatching = (...patterns: readonly string[]): RepositoryFile[] => pathsMatching(patterns).map(readAt);

const known = new Map<string, RepositoryFile>();
const knownPaths = new Map<string, readonly string[]>();

/** The files that match any of the patterns, each as it was when it was first read: dozens of rules look at the same ones while nothing changes them. */
export const knownFilesMatching = (patterns: readonly string[]): RepositoryFile[] => {
  const key = patterns.join('\n');
  const paths = knownPaths.get(key) ?? pathsMatching(patterns);
  knownPaths.set(key, paths);
  return paths.map((path) => {
    const file = known.get(path) ?? readAt(path);
    known.set(path, file);
    return file;
  });
};

/** The TypeScript files of the repository, tests and tools included. */
export const typeScriptFiles = (): RepositoryFile[] =>
  filesMatching('{libs,services,programs}/*/{src,test}/**/*.ts', 'web/**/*.{ts,tsx}', 'tests/**/*.ts', 'tools/**/*.ts', '*.ts');
