import type { Expression, TaggedTemplateExpression } from 'oxc-parser';
import { filesMatching, type RepositoryFile } from '../source/repository.ts';
import { lineAt, visitFile } from '../source/syntax.ts';
import { schemaOfService } from './migrations.ts';

/** An `sql` template of the source: the texts between its values and fragments. */
export interface SqlTemplate {
  readonly path: string;
  readonly line: number;
  /** A whole statement, or a piece of one. */
  readonly kind: 'statement' | 'fragment';
  readonly texts: readonly string[];
}

/** `sql.fragment`, `sql.unsafe`, `sql.type(…)` or plain `sql`; null when the tag is none of them. */
const kindOf = ({ tag }: TaggedTemplateExpression): SqlTemplate['kind'] | null => {
  if (tag.type === 'Identifier') return tag.name === 'sql' ? 'statement' : null;
  const method = sqlMethodOf(tag.type === 'CallExpression' ? tag.callee : tag);
  if (method === null) return null;
  return method === 'fragment' ? 'fragment' : 'statement';
};

const sqlMethodOf = (node: Expression): string | null =>
  node.type === 'MemberExpression' &&
  node.object.type === 'Identifier' &&
  node.object.name === 'sql' &&
  node.property.type === 'Identifier'
    ? node.property.name
    : null;

/** The templates of one file, in the order in which they stand there. */
export const templatesIn = (file: RepositoryFile): SqlTemplate[] => {
  const found: SqlTemplate[] = [];
  visitFile(file, {
    TaggedTemplateExpression: (node) => {
      const kind = kindOf(node);
      if (kind === null) return;
      const texts = node.quasi.quasis.map(({ value }) => value.cooked ?? value.raw);
      found.push({ path: file.path, line: lineAt(file.text, node.start), kind, texts });
    },
  });
  return found;
};

/** The sources whose statements run on a shared database: services that have a schema, and the libs that they use. */
export const templateFiles = (): RepositoryFile[] =>
  filesMatching('libs/*/src/**/*.ts', ...Object.keys(schemaOfService).map((service) => `services/${service}/src/**/*.ts`));

/**
 * True if the template wrote the text or, for a fragment, a part of it: its texts occur in it in order. A gap matches
 * anything: a placeholder, a list of them, or fragments.
 */
export const isWrittenBy = ({ kind, texts }: SqlTemplate, text: string): boolean => {
  const isWhole = kind === 'statement';
  const first = texts[0] ?? '';
  const last = texts.at(-1) ?? '';
  if (isWhole && !(text.startsWith(first) && text.endsWith(last))) return false;
  if (texts.length === 1) return isWhole ? text === first : text.includes(first);
  let from = 0;
  for (const part of texts) {
    const at = text.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return true;
};
