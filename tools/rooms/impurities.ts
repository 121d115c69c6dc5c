import type { RepositoryFile } from '../source/repository.ts';
import { lineAt, visitFile } from '../source/syntax.ts';

export interface Impurity {
  readonly line: number;
  /** The construct, as one would write it. */
  readonly what: string;
}

/** Whole objects that pure code has no business with. */
const objects = new Set(['process', 'crypto', 'performance', 'globalThis', 'console', 'navigator']);
const members = new Set(['Date.now', 'Math.random', 'import.meta.env']);
const calls = new Set(['Date', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']);

/** The impure constructs: clock, random numbers, environment, network and timers. */
export const impuritiesOf = (file: RepositoryFile): Impurity[] => {
  const found: Impurity[] = [];
  const add = (start: number, what: string): void => void found.push({ line: lineAt(file.text, start), what });
  visitFile(file, {
    MemberExpression: ({ object, property, computed, start }) => {
      if (object.type !== 'Identifier') return;
      const name = computed || property.type !== 'Identifier' ? '…' : property.name;
      if (objects.has(object.name) || members.has(`${object.name}.${name}`)) add(start, `${object.name}.${name}`);
    },
    VariableDeclarator: ({ init, start }) => {
      if (init?.type === 'Identifier' && objects.has(init.name)) add(start, init.name);
    },
    CallExpression: ({ callee, start }) => {
      if (callee.type === 'Identifier' && calls.has(callee.name)) add(start, `${callee.name}()`);
    },
    NewExpression: ({ callee, arguments: given, start }) => {
      if (callee.type === 'Identifier' && callee.name === 'Date' && given.length === 0) add(start, 'new Date()');
    },
  });
  return found;
};
