import type { ArrowFunctionExpression, Function as FunctionNode } from 'oxc-parser';
import type { RepositoryFile } from '../source/repository.ts';
import { lineAt, visitFile } from '../source/syntax.ts';
import { eachFile, type TidyRule } from './rule.ts';

const fileLinesMax = 250;
const functionLinesMax = 40;
const sources = ['{libs,services,programs}/*/src/**/*.ts'];

/** Files and functions that are longer than the limit, each with the reason. */
export const longOnPurpose: Readonly<Record<string, string>> = {
  'services/auth/src/wire.ts': 'The whole object graph of the service, one line a part: split, it could not be read at once.',
  'services/team-resources/src/wire.ts':
    'The whole object graph of the service, one line a part: split, it could not be read at once.',
};

interface Measured {
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

/** Every function with the lines that are its own: those of the functions within it are counted there. */
const functionsIn = (file: RepositoryFile): { readonly line: number; readonly lines: number }[] => {
  const found: Measured[] = [];
  const add = ({ start, end }: FunctionNode | ArrowFunctionExpression): void =>
    void found.push({ start, end, line: lineAt(file.text, start) });
  visitFile(file, { FunctionDeclaration: add, FunctionExpression: add, ArrowFunctionExpression: add });
  const height = ({ start, end }: Measured): number => lineAt(file.text, end) - lineAt(file.text, start) + 1;
  return found.map((outer) => {
    const within = found.filter((inner) => inner !== outer && outer.start <= inner.start && inner.end <= outer.end);
    const direct = within.filter(
      (inner) => !within.some((other) => other !== inner && other.start <= inner.start && inner.end <= other.end),
    );
    const inside = direct.map(height).reduce((sum, lines) => sum + Math.max(0, lines - 1), 0);
    return { line: outer.line, lines: height(outer) - inside };
  });
};

export const sizeRules: readonly TidyRule[] = [
  {
    name: `files of ${fileLinesMax} lines at most`,
    reason: 'A file is read in one sitting. Look for the idea in it that wants a name and a file of its own.',
    files: sources,
    find: eachFile(({ path, text }) => {
      const lines = text.trimEnd().split('\n').length;
      return lines > fileLinesMax && longOnPurpose[path] === undefined ? [`${path}: ${lines} lines`] : [];
    }),
  },
  {
    name: `functions of ${functionLinesMax} lines at most`,
    reason: 'A long flow is a list of small named steps. Lines of functions within a function are counted for those.',
    files: sources,
    find: eachFile((file) =>
      functionsIn(file)
        .filter(({ lines }) => lines > functionLinesMax && longOnPurpose[file.path] === undefined)
        .map(({ line, lines }) => `${file.path}:${line}: ${lines} lines`),
    ),
  },
];
