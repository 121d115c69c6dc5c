import type { Captured } from './capture-folder.ts';
import { checkStatements } from './check.ts';
import { schemaOfService } from './migrations.ts';
import { parseSql } from './parse-sql.ts';
import type { Statement } from './rule.ts';
import { sqlRules } from './rules.ts';
import { isWrittenBy, type SqlTemplate } from './templates.ts';

/** The schema of the service whose test sent the statement. For the tests of a lib: that of the first table. */
const schemaOf = ({ owner, text }: Captured): string =>
  schemaOfService[owner.replace(/^services\//, '')] ?? /\b(?:FROM|JOIN|UPDATE|INTO)\s+"?([a-z_]+)"?\./.exec(text)?.[1] ?? 'none';

export interface CapturedReport {
  /** A sentence per statement that PostgreSQL cannot parse or that breaks a rule. */
  readonly faults: readonly string[];
  /** The templates that wrote none of the statements. */
  readonly unseen: readonly SqlTemplate[];
  /** The statements that come from the templates, each text of an owner once. */
  readonly sent: readonly Captured[];
  /** The number of distinct texts among them. */
  readonly statements: number;
}

const queryRules = sqlRules.filter(({ kinds }) => kinds.includes('query'));

const weightOf = ({ texts }: SqlTemplate): number => texts.join('').replaceAll(/\s+/g, '').length;

/**
 * The least length of a template's own text. A shorter template fits almost every statement: then a fragment must be
 * identified in it, or the whole statement if it has none.
 */
const tellingWeight = 12;

const isAuthor = (template: SqlTemplate, text: string, fragments: readonly SqlTemplate[]): boolean =>
  isWrittenBy(template, text) &&
  (weightOf(template) >= tellingWeight ||
    template.texts.length === 1 ||
    fragments.some((fragment) => isWrittenBy(weightOf(template) === 0 ? { ...fragment, kind: 'statement' } : fragment, text)));

/**
 * Checks the statements of a run against the rules. Only statements that a template of the source wrote count: a test may send
 * others. If several templates could have written one, the one with most text of its own is named. `migrations` state which
 * columns may be null; their own violations are found elsewhere.
 */
export const checkCaptured = (
  captured: readonly Captured[],
  templates: readonly SqlTemplate[],
  migrations: readonly Statement[] = [],
): CapturedReport => {
  const whole = templates.filter(({ kind }) => kind === 'statement').toSorted((a, b) => weightOf(b) - weightOf(a));
  const fragments = templates.filter((one) => one.kind === 'fragment' && weightOf(one) >= tellingWeight);
  const seen = new Set<SqlTemplate>();
  const statements: Statement[] = [];
  const faults: string[] = [];
  const sent: Captured[] = [];
  for (const one of captured) {
    const { text } = one;
    const authors = whole.filter((template) => isAuthor(template, text, fragments));
    const [author] = authors;
    if (author === undefined) continue;
    for (const template of authors) seen.add(template);
    sent.push(one);
    const parsed = parseSql({ kind: 'query', path: author.path, line: author.line, schema: schemaOf(one), text });
    if ('message' in parsed)
      faults.push(`${author.path}:${author.line}: PostgreSQL cannot read this: ${parsed.message}.\n    ${text}`);
    else statements.push(...parsed.map((statement) => ({ ...statement, line: author.line })));
  }
  const written = [...new Set(sent.map(({ text }) => text))];
  for (const template of templates) {
    if (template.kind === 'fragment' && written.some((text) => isWrittenBy(template, text))) seen.add(template);
  }
  const broken = checkStatements([...migrations, ...statements], queryRules);
  return {
    faults: [...new Set([...faults, ...broken])],
    unseen: templates.filter((template) => !seen.has(template)),
    sent,
    statements: written.length,
  };
};
