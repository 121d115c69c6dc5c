import { importsOf } from '../source/imports.ts';
import type { RepositoryFile } from '../source/repository.ts';
import type { TidyRule } from './rule.ts';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const folderOf = (path: string): string => (path.startsWith('web/') ? 'web' : path.split('/').slice(0, 2).join('/'));

/** `@scope/name/part` is part of `@scope/name`; null for files of the package itself (also as `new URL` names them) and for parts of Node. */
const packageOf = (specifier: string | null): string | null => {
  if (specifier === null || /^(\.|\/|#|node:)|\.tsx?$/.test(specifier)) return null;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
};

const declaredIn = ({ text }: RepositoryFile): ReadonlySet<string> => {
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(text) as Manifest;
  return new Set([...Object.keys(dependencies), ...Object.keys(optionalDependencies)]);
};

const isManifest = ({ path }: RepositoryFile): boolean => path.endsWith('/package.json');

const undeclared = (files: readonly RepositoryFile[]): string[] => {
  const declared = new Map(files.filter(isManifest).map((file) => [folderOf(file.path), declaredIn(file)]));
  return files
    .filter((file) => !isManifest(file))
    .flatMap((file) =>
      importsOf(file).flatMap(({ specifier, line }) => {
        const name = packageOf(specifier);
        if (name === null || declared.get(folderOf(file.path))?.has(name) === true) return [];
        return [`${file.path}:${line}: ${name}`];
      }),
    );
};

export const dependencyRules: readonly TidyRule[] = [
  {
    name: 'declared dependencies',
    reason:
      'What only the root has is missing in an image of one service. Put it into the dependencies of the package that imports it.',
    files: [
      '{libs,services,programs}/*/package.json',
      '{libs,services,programs}/*/src/**/*.ts',
      'web/package.json',
      'web/src/**/*.{ts,tsx}',
    ],
    find: undeclared,
  },
];
