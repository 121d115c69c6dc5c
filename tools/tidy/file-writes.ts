import { lineAt, parseFile } from '../source/syntax.ts';
import type { RepositoryFile } from '../source/repository.ts';
import { Visitor } from 'oxc-parser';
import { eachFile, type TidyRule } from './rule.ts';

const modules = new Set(['node:fs', 'node:fs/promises', 'fs', 'fs/promises']);
/** Functions that give a file its content step by step, so that a reader, or a kill, meets a part of it. */
const writers = new Set([
  ...['writeFile', 'appendFile', 'copyFile', 'truncate'].flatMap((name) => [name, `${name}Sync`]),
  'createWriteStream',
]);
const openers = new Set(['open', 'openSync']);

const opensToRead = (file: RepositoryFile, name: string): boolean => {
  let isReading = true;
  new Visitor({
    CallExpression: ({ callee, arguments: given }) => {
      if (callee.type !== 'Identifier' || callee.name !== name) return;
      const flags = given[1];
      isReading &&= flags?.type === 'Literal' && flags.value === 'r';
    },
  }).visit(parseFile(file));
  return isReading;
};

const writesOf = (file: RepositoryFile): string[] => {
  const found: string[] = [];
  new Visitor({
    ImportDeclaration: ({ source, specifiers, start, importKind }) => {
      if (!modules.has(source.value) || importKind === 'type') return;
      for (const specifier of specifiers) {
        const name =
          specifier.type === 'ImportSpecifier' && specifier.imported.type === 'Identifier' ? specifier.imported.name : '*';
        const isFault = name === '*' || writers.has(name) || (openers.has(name) && !opensToRead(file, specifier.local.name));
        if (isFault) found.push(`${file.path}:${lineAt(file.text, start)}: ${name} of ${source.value}`);
      }
    },
  }).visit(parseFile(file));
  return found;
};

export const fileWriteRules: readonly TidyRule[] = [
  {
    name: 'files appear whole',
    reason:
      'Another process, or the next start, may read a file that is half written. Write it with @guildhall/files; import node:fs by name.',
    files: ['{libs,services}/*/src/**/*.ts', 'tools/**/!(*.test|*.fixture).ts'],
    find: eachFile((file) => (file.path.startsWith('libs/files/src/') ? [] : writesOf(file))),
  },
];
