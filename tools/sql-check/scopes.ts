import {
  Visitor,
  type Function as FunctionNode,
  type ArrowFunctionExpression,
  type Expression,
  type ParamPattern,
} from 'oxc-parser';
import type { RepositoryFile } from '../source/repository.ts';
import { parseFile } from '../source/syntax.ts';

export type FunctionLike = FunctionNode | ArrowFunctionExpression;

/** What a name stands for: an expression, a function, or a parameter of a function. */
export type Definition =
  | { readonly kind: 'expression'; readonly value: Expression }
  | { readonly kind: 'function'; readonly value: FunctionLike }
  | { readonly kind: 'parameter'; readonly pattern: ParamPattern; readonly of: FunctionLike; readonly position: number };

interface Scoped {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly definition: Definition;
}

/** One source file with the names that it defines. */
export interface Scopes {
  readonly file: RepositoryFile;
  /** The definition of a name as seen from a place: the innermost that encloses it. */
  find(name: string, at: number): Definition | undefined;
  /** What is given at a position in every call of a function, as far as it is called by its name in this file. */
  argumentsAt(of: FunctionLike, position: number): Expression[];
  /** What a function may answer. */
  answersOf(of: FunctionLike): Expression[];
}

export const scopesOf = (file: RepositoryFile): Scopes => {
  const found: Scoped[] = [];
  const calls = new Map<string, Expression[][]>();
  const names = new Map<FunctionLike, string>();
  const answers = new Map<FunctionLike, Expression[]>();
  const functions: FunctionLike[] = [];
  const stack: { readonly start: number; readonly end: number }[] = [{ start: 0, end: file.text.length }];
  const define = (name: string, definition: Definition): void => {
    const { start, end } = stack.at(-1) ?? { start: 0, end: 0 };
    found.push({ name, start, end, definition });
  };
  const enter = (node: FunctionLike): void => {
    if (node.type !== 'ArrowFunctionExpression' && node.id !== null) {
      define(node.id.name, { kind: 'function', value: node });
      names.set(node, node.id.name);
    }
    stack.push(node);
    functions.push(node);
    answers.set(node, node.body === null || node.body.type === 'BlockStatement' ? [] : [node.body]);
    node.params.forEach((pattern, position) => {
      const name = nameOf(pattern);
      if (name !== undefined) define(name, { kind: 'parameter', pattern, of: node, position });
    });
  };
  const leave = (): void => {
    stack.pop();
    functions.pop();
  };
  new Visitor({
    FunctionDeclaration: enter,
    'FunctionDeclaration:exit': leave,
    FunctionExpression: enter,
    'FunctionExpression:exit': leave,
    ArrowFunctionExpression: enter,
    'ArrowFunctionExpression:exit': leave,
    ReturnStatement: ({ argument }) => {
      const within = functions.at(-1);
      if (within !== undefined && argument !== null) answers.get(within)?.push(argument);
    },
    VariableDeclarator: ({ id, init }) => {
      if (id.type !== 'Identifier' || init === null) return;
      if (isFunction(init)) names.set(init, id.name);
      define(id.name, isFunction(init) ? { kind: 'function', value: init } : { kind: 'expression', value: init });
    },
    CallExpression: ({ callee, arguments: given }) => {
      if (callee.type !== 'Identifier') return;
      const list = given.flatMap((argument) => (argument.type === 'SpreadElement' ? [] : [argument]));
      calls.set(callee.name, [...(calls.get(callee.name) ?? []), list]);
    },
  }).visit(parseFile(file));

  return {
    file,
    find: (name, at) =>
      found
        .filter((scoped) => scoped.name === name && scoped.start <= at && at <= scoped.end)
        .toSorted((a, b) => a.end - a.start - (b.end - b.start))[0]?.definition,
    answersOf: (of) => answers.get(of) ?? [],
    argumentsAt: (of, position) =>
      (calls.get(names.get(of) ?? '') ?? []).flatMap((given) => {
        const argument = given[position];
        return argument === undefined ? [] : [argument];
      }),
  };
};

export const isFunction = (node: Expression): node is FunctionNode | ArrowFunctionExpression =>
  node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression';

const nameOf = (pattern: ParamPattern): string | undefined => {
  if (pattern.type === 'Identifier') return pattern.name;
  return pattern.type === 'AssignmentPattern' && pattern.left.type === 'Identifier' ? pattern.left.name : undefined;
};
