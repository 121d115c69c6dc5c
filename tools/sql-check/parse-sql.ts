import { hasSqlDetails, loadModule, parseSync } from 'libpg-query';
import type { Statement } from './rule.ts';
import { isNode, type TreeNode } from './tree.ts';

await loadModule();

export interface SqlText {
  readonly kind: Statement['kind'];
  readonly path: string;
  /** The line at which the text begins. */
  readonly line: number;
  readonly schema: string;
  readonly text: string;
}

/** Parses a text into statements as PostgreSQL does; if it cannot, returns the message and the place of the first error. */
export const parseSql = (source: SqlText): readonly Statement[] | { readonly message: string; readonly line: number } => {
  try {
    const bytes = Buffer.from(source.text);
    return (parseSync(source.text).stmts ?? []).flatMap(({ stmt, stmt_location: start = 0, stmt_len: length }) => {
      const text = bytes.subarray(start, length === undefined ? undefined : start + length).toString();
      const [type, node] = Object.entries((stmt ?? {}) as TreeNode)[0] ?? [];
      if (type === undefined || !isNode(node)) return [];
      const line = source.line + linesBefore(bytes.subarray(0, start).toString() + leadingOf(text));
      return [{ ...source, line, text: withoutLeading(text), source: source.text, type, node }];
    });
  } catch (error) {
    const position = hasSqlDetails(error) ? (error.sqlDetails?.cursorPosition ?? 0) : 0;
    return {
      message: `${error instanceof Error ? error.message : String(error)}${foreignSyntaxIn(source.text)}`,
      line: source.line + linesBefore(source.text.slice(0, position)),
    };
  }
};

const linesBefore = (text: string): number => text.split('\n').length - 1;

/** The white space and comments before a statement. */
const leadingOf = (text: string): string => /^(\s|--[^\n]*\n)*/.exec(text)?.[0] ?? '';
const withoutLeading = (text: string): string => text.slice(leadingOf(text).length).trim();

/** Syntax that only CockroachDB has, with its replacement: PostgreSQL's parser fails on each. */
const foreignSyntax: readonly (readonly [RegExp, string])[] = [
  [/\bUPSERT\s+INTO\b/i, 'UPSERT is CockroachDB’s own; write INSERT … ON CONFLICT (columns) DO UPDATE'],
  [/\bSTORING\s*\(/i, 'STORING is CockroachDB’s own; leave it out'],
  [/\bAS\s+OF\s+SYSTEM\s+TIME\b/i, 'AS OF SYSTEM TIME is CockroachDB’s own; read what is there now'],
  [/\b(UPDATE|DELETE)\b[^;]*\bLIMIT\b/i, 'UPDATE and DELETE … LIMIT are CockroachDB’s own; write WHERE id IN (SELECT … LIMIT …)'],
];

const foreignSyntaxIn = (text: string): string => {
  const found = foreignSyntax.find(([pattern]) => pattern.test(text));
  return found === undefined ? '' : ` (${found[1]})`;
};
