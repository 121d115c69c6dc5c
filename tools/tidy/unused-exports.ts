import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Declaration, ModuleExportName, Program } from 'oxc-parser';
import { repositoryRoot, type RepositoryFile } from '../source/repository.ts';
import { lineAt, parseFile } from '../source/syntax.ts';
import type { TidyRule } from './rule.ts';

interface Export {
  readonly name: string;
  readonly path: string;
  readonly line: number;
}

const nameOf = (name: ModuleExportName): string => (name.type === 'Literal' ? name.value : name.name);

const manifests = new Map<string, string | Readonly<Record<string, string>>>();

/** The `exports` of a package of the workspace, read once. */
const exportsOfPackage = (name: string): string | Readonly<Record<string, string>> => {
  const known = manifests.get(name);
  if (known !== undefined) return known;
  const text = readFileSync(join(repositoryRoot, 'libs', name, 'package.json'), 'utf8');
  const { exports } = JSON.parse(text) as { readonly exports: string | Readonly<Record<string, string>> };
  manifests.set(name, exports);
  return exports;
};

/** The file that an import of a package of the workspace reads, by the package's `exports`; null for other packages. */
const fileOfPackage = (specifier: string): string | null => {
  const [, name = '', entry = ''] = /^@guildhall\/([^/]+)(\/.+)?$/.exec(specifier) ?? [];
  if (name === '') return null;
  const exports = exportsOfPackage(name);
  const target = typeof exports === 'string' ? exports : exports[`.${entry}`];
  return target === undefined ? null : join('libs', name, target);
};

const namesDeclared = (declaration: Declaration): readonly string[] => {
  if (declaration.type === 'VariableDeclaration')
    return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
  const isValue = declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration';
  return isValue && declaration.id !== null ? [declaration.id.name] : [];
};

/** The functions, constants and classes that a file exports. Types are left out: they name a part of a signature. */
const exportsOf = ({ path, text }: RepositoryFile, { body }: Program): readonly Export[] =>
  body.flatMap((node) => {
    if (node.type !== 'ExportNamedDeclaration' || node.exportKind === 'type') return [];
    const renamed = node.specifiers.filter(({ exportKind }) => exportKind !== 'type').map(({ exported }) => nameOf(exported));
    const names = [...renamed, ...(node.declaration === null ? [] : namesDeclared(node.declaration))];
    return names.map((name) => ({ name, path, line: lineAt(text, node.start) }));
  });

/** The names that a file imports or re-exports, as `path name`; `path *` for a whole module. */
const usesOf = ({ path, text }: RepositoryFile, { body }: Program): readonly string[] => {
  const uses = (specifier: string, names: readonly string[]): readonly string[] => {
    const target = specifier.startsWith('.') ? join(dirname(path), specifier) : fileOfPackage(specifier);
    return names.map((name) => `${target} ${name}`);
  };
  const modules = [...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)|\bnew URL\('([^']+\.ts)', import\.meta\.url\)/g)];
  const whole = modules.flatMap(([, imported, worker = '']) => uses(imported ?? `./${worker}`, ['*']));
  return body.reduce<readonly string[]>((found, node) => {
    if (node.type === 'ExportAllDeclaration') return [...found, ...uses(node.source.value, ['*'])];
    if (node.type === 'ExportNamedDeclaration' && node.source !== null)
      return [
        ...found,
        ...uses(
          node.source.value,
          node.specifiers.map(({ local }) => nameOf(local)),
        ),
      ];
    if (node.type !== 'ImportDeclaration') return found;
    const names = node.specifiers.map((one) => (one.type === 'ImportSpecifier' ? nameOf(one.imported) : '*'));
    return [...found, ...uses(node.source.value, names)];
  }, whole);
};

const unusedExports = (files: readonly RepositoryFile[]): readonly string[] => {
  const parsed = files.map((file) => [file, parseFile(file)] as const);
  const used = new Set(parsed.flatMap(([file, program]) => usesOf(file, program)));
  return parsed
    .flatMap(([file, program]) => exportsOf(file, program))
    .filter(({ name, path }) => !used.has(`${path} ${name}`) && !used.has(`${path} *`))
    .map(({ name, path, line }) => `${path}:${line}: ${name}`);
};

export const exportRules: readonly TidyRule[] = [
  {
    name: 'no unused exports',
    reason: 'Nobody imports it. Remove the export, and what is not used in its own file either.',
    // Generators are loaded by the names of their files; row types are generated for every table.
    files: [
      '{libs,services,programs}/*/{src,test}/**/*.ts',
      'web/**/*.{ts,tsx}',
      'tests/**/*.ts',
      'tools/!(generate)/**/*.ts',
      'tools/*.ts',
      '*.ts',
    ],
    find: (files) => unusedExports(files.filter(({ path }) => !path.endsWith('/src/store/tables.ts'))),
  },
];
