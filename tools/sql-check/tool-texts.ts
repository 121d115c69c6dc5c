import type { TemplateLiteral } from 'oxc-parser';
import { filesMatching, type RepositoryFile } from '../source/repository.ts';
import { lineAt, visitFile } from '../source/syntax.ts';
import { parseSql } from './parse-sql.ts';
import type { Statement } from './rule.ts';

/**
 * Files of the database tools that keep SQL as plain texts. Texts for SQLite are left out, because PostgreSQL's parser would
 * misread them; drafts of migrations are checked once they are files.
 */
export const toolFiles = (): RepositoryFile[] =>
  filesMatching('libs/migrate/src/**/*.ts', 'libs/db/src/**/*.ts', 'libs/engine/src/service-settings.ts').filter(
    ({ path }) => !/\/(sqlite|draft)[^/]*\.ts$/.test(path),
  );

/** Beginnings of statements; a list of columns that is computed belongs to a description that nobody runs. */
const beginnings = [
  /^\s*SELECT\s/,
  /^\s*INSERT\s+INTO\s+\S+\s*\(/,
  /^\s*UPDATE\s+\S+\s+SET\s/,
  /^\s*DELETE\s+FROM\s+\S/,
  /^\s*WITH\s+\w+\s+AS\s/,
  /^\s*SET\s+(TIME ZONE|SESSION|LOCAL|TRANSACTION|[a-z_.]+\s*(=|TO))\s/,
  /^\s*SHOW\s+\w/,
  /^\s*ALTER\s+TABLE\s+\S/,
  /^\s*CREATE\s+TABLE\s+(IF\s+NOT\s+EXISTS\s+)?\S+\s*\(\s*[a-z"]/,
  /^\s*(CREATE|DROP)\s+(SCHEMA|DATABASE|INDEX|UNIQUE\s+INDEX)\s+(IF\s+(NOT\s+)?EXISTS\s+)?[a-z"¤]/,
];
const ofSqlite = /\b(sqlite_schema|sqlite_version|pragma_\w+)\b/;

/** Stands where the text is computed: a name, or whatever PostgreSQL can read there. */
const gap = '¤';
const fillings = ['any_schema', '1', ''];

const textOf = ({ quasis }: TemplateLiteral): string => quasis.map(({ value }) => value.cooked ?? value.raw).join(gap);

interface Found {
  readonly text: string;
  readonly line: number;
}

const textsIn = (file: RepositoryFile): Found[] => {
  const found: Found[] = [];
  const tagged = new Set<TemplateLiteral>();
  const add = (text: string, start: number): void => {
    if (beginnings.some((pattern) => pattern.test(text)) && !ofSqlite.test(text))
      found.push({ text, line: lineAt(file.text, start) });
  };
  visitFile(file, {
    TaggedTemplateExpression: ({ quasi }) => void tagged.add(quasi),
    TemplateLiteral: (node) => {
      if (!tagged.has(node)) add(textOf(node), node.start);
    },
    Literal: ({ value, start }) => {
      if (typeof value === 'string') add(value, start);
    },
  });
  return found;
};

/** The statements of every such text, and a sentence for each that PostgreSQL cannot read however its gaps are filled. */
export const readToolTexts = (
  files: readonly RepositoryFile[],
): { readonly statements: Statement[]; readonly faults: string[] } => {
  const statements: Statement[] = [];
  const faults: string[] = [];
  for (const file of files) {
    for (const { text, line } of textsIn(file)) {
      const where = { kind: 'tool', path: file.path, line, schema: 'any_schema' } as const;
      const read = fillings.map((filling) => parseSql({ ...where, text: text.replaceAll(gap, filling) }));
      const parsed = read.find((one) => !('message' in one));
      if (parsed !== undefined && !('message' in parsed)) statements.push(...parsed);
      else if (read[0] !== undefined && 'message' in read[0])
        faults.push(
          `${file.path}:${line}: PostgreSQL cannot read this: ${read[0].message}.\n    ${text.replaceAll(gap, '…').replaceAll(/\s+/g, ' ')}`,
        );
    }
  }
  return { statements, faults };
};
