import type { Expression, Node, PropertyKey, TSTypeAnnotation } from 'oxc-parser';
import type { RepositoryFile } from '../source/repository.ts';
import { lineAt, visitFile } from '../source/syntax.ts';
import { eachFile, type TidyRule } from './rule.ts';

const predicate = /^(is|has|had|have|can|may|must|should|was|were|are|does|will|needs|wants)[A-Z]/;

const returnsNothing = (text: string, type: TSTypeAnnotation | null | undefined): boolean =>
  type !== null &&
  type !== undefined &&
  /^(void|Promise<void>)$/.test(text.slice(type.typeAnnotation.start, type.typeAnnotation.end));

const nameOfKey = (key: PropertyKey | Node): string => (key.type === 'Identifier' ? key.name : '');

/** The name of the function that a statement calls and whose result it ignores; empty if it calls none. */
const nameOfCall = (statement: Expression): string => {
  if (statement.type === 'AwaitExpression' || statement.type === 'UnaryExpression') return nameOfCall(statement.argument);
  if (statement.type !== 'CallExpression') return '';
  const { callee } = statement;
  if (callee.type !== 'MemberExpression') return nameOfKey(callee);
  return nameOfKey(callee.object) === 'expect' ? '' : nameOfKey(callee.property);
};

/** Functions with the name of a predicate that return nothing, and calls of predicates as statements. */
const effectsIn = (file: RepositoryFile): readonly string[] => {
  const found: string[] = [];
  const report = (name: string, start: number): void => {
    if (predicate.test(name)) found.push(`${file.path}:${lineAt(file.text, start)}: ${name}`);
  };
  const isEffect = (name: string, returned: TSTypeAnnotation | null | undefined): boolean =>
    name.startsWith('must') || returnsNothing(file.text, returned);
  visitFile(file, {
    ExpressionStatement: ({ expression, start }) => report(nameOfCall(expression), start),
    FunctionDeclaration: ({ id, returnType, start }) => {
      if (id !== null && isEffect(id.name, returnType)) report(id.name, start);
    },
    VariableDeclarator: ({ id, init, start }) => {
      if (id.type !== 'Identifier' || (init?.type !== 'ArrowFunctionExpression' && init?.type !== 'FunctionExpression')) return;
      if (isEffect(id.name, init.returnType)) report(id.name, start);
    },
    Property: ({ key, value, start }) => {
      if (value.type !== 'ArrowFunctionExpression' && value.type !== 'FunctionExpression') return;
      if (isEffect(nameOfKey(key), value.returnType)) report(nameOfKey(key), start);
    },
    TSMethodSignature: ({ key, returnType, start }) => {
      if (isEffect(nameOfKey(key), returnType)) report(nameOfKey(key), start);
    },
    TSPropertySignature: ({ key, typeAnnotation, start }) => {
      const type = typeAnnotation?.typeAnnotation;
      if (type?.type === 'TSFunctionType' && isEffect(nameOfKey(key), type.returnType)) report(nameOfKey(key), start);
    },
  });
  return found;
};

export const predicateRules: readonly TidyRule[] = [
  {
    name: 'no predicate name on an effect',
    reason: 'A name like isX or mustX reads as a question. Name what the function does: requireX, onX, readX.',
    files: ['{libs,services,programs}/*/{src,test}/**/*.ts', 'web/**/*.{ts,tsx}', '{tests,tools}/**/*.ts'],
    find: eachFile(effectsIn),
  },
];
