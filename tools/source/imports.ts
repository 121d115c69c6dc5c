import type { Expression } from 'oxc-parser';
import type { RepositoryFile } from './repository.ts';
import { lineAt, staticRequestsOf, visitFile } from './syntax.ts';

/** An import, export or dynamic import of another module. */
export interface Import {
  /** The text between the quotes; null for a computed name. */
  readonly specifier: string | null;
  readonly line: number;
}

/**
 * Everything a file imports, by whatever means: `import`, `export … from`, `import()`, types too, `require`,
 * `import.meta.resolve`, and `new URL('…', import.meta.url)`, by which workers are named.
 */
export const importsOf = (file: RepositoryFile): Import[] =>
  (mayImportOtherwise.test(file.text) ? importsInTree(file) : staticImportsOf(file)).toSorted((a, b) => a.line - b.line);

/** Found in every file that imports by other means than declarations, or exports nothing of a module; and in some that do not. */
const mayImportOtherwise = /\bimport\s*[(/]|\brequire\b|\bmeta\s*\.\s*resolve\b|\bnew\s+URL\b|\bexport\s*(?:type\s*)?\{\s*\}/;

const staticImportsOf = (file: RepositoryFile): Import[] =>
  staticRequestsOf(file).map(({ value, start }) => ({ specifier: value, line: lineAt(file.text, start) }));

const importsInTree = (file: RepositoryFile): Import[] => {
  const found: Import[] = [];
  const add = (source: { readonly value: unknown; readonly start: number } | null): void => {
    if (source !== null) found.push({ specifier: String(source.value), line: lineAt(file.text, source.start) });
  };
  const addNamed = (source: Expression | { type: 'SpreadElement' } | undefined, start: number): void => {
    const specifier = textOf(source);
    found.push({ specifier, line: lineAt(file.text, start) });
  };
  visitFile(file, {
    ImportDeclaration: ({ source }) => add(source),
    ExportNamedDeclaration: ({ source }) => add(source),
    ExportAllDeclaration: ({ source }) => add(source),
    TSImportType: ({ source }) => add(source),
    TSExternalModuleReference: ({ expression }) => add(expression),
    ImportExpression: ({ source, start }) => addNamed(source, start),
    CallExpression: ({ callee, arguments: [first], start }) => {
      if (isRequire(callee) || isMetaResolve(callee)) addNamed(first, start);
    },
    NewExpression: ({ callee, arguments: [first, second], start }) => {
      const isUrl = callee.type === 'Identifier' && callee.name === 'URL';
      if (isUrl && second !== undefined && file.text.slice(second.start, second.end) === 'import.meta.url')
        addNamed(first, start);
    },
  });
  return found;
};

const textOf = (node: Expression | { type: 'SpreadElement' } | undefined): string | null => {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0]?.value.cooked ?? null;
  return null;
};

const isRequire = (callee: Expression): boolean => callee.type === 'Identifier' && callee.name === 'require';

const isMetaResolve = (callee: Expression): boolean =>
  callee.type === 'MemberExpression' &&
  callee.object.type === 'MetaProperty' &&
  callee.property.type === 'Identifier' &&
  callee.property.name === 'resolve';
