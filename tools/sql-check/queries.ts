import type { TaggedTemplateExpression } from 'oxc-parser';
import { filesMatching, type RepositoryFile } from '../source/repository.ts';
import { lineAt, visitFile } from '../source/syntax.ts';
import { schemaOfService } from './migrations.ts';
import { parseSql } from './parse-sql.ts';
import { renderTemplate, sqlTagOf, type Readings } from './render-template.ts';
import type { Statement } from './rule.ts';
import { ctesOf } from './rules/tables.ts';
import { scopesOf, type Scopes } from './scopes.ts';
import { shapesOf } from './shapes.ts';

/** Source files and the schema that their SQL may name. */
export interface QuerySource {
  readonly schema: string;
  readonly files: readonly RepositoryFile[];
}

export interface Queries {
  readonly statements: Statement[];
  readonly faults: string[];
  /** How many `sql` templates were found. */
  readonly templates: number;
}

interface Read {
  readonly statements: ReadStatement[];
  readonly faults: string[];
}

interface ReadStatement extends Statement {
  readonly isFragment: boolean;
}

/** Stands for the schema of whichever service uses libs/db. */
const schemaOfUser = 'schema_of_the_service';

export const querySources = (): QuerySource[] => [
  { schema: schemaOfUser, files: filesMatching('libs/db/src/**/*.ts') },
  ...Object.entries(schemaOfService).map(([service, schema]) => ({
    schema,
    files: filesMatching(`services/${service}/src/**/*.ts`),
  })),
];

/** Every `sql` template of the sources as statements, and a sentence for each that PostgreSQL cannot read in any shape. */
export const readQueries = (sources: readonly QuerySource[]): Queries => {
  const scopes = new Map(sources.flatMap(({ files }) => files.map((file) => [file, scopesOf(file)] as const)));
  const shared = sources.filter(({ schema }) => schema === schemaOfUser).flatMap(({ files }) => files);
  const queries: Read = { statements: [], faults: [] };
  let templates = 0;
  for (const { schema, files } of sources) {
    const reachable = [...files, ...shared].flatMap((file) => scopes.get(file) ?? []);
    for (const file of files) {
      for (const template of templatesIn(file)) {
        templates += 1;
        const own = scopes.get(file);
        if (own !== undefined) readTemplate(template, own, { sources: reachable, schema }, queries);
      }
    }
  }
  return { ...queries, statements: queries.statements.map((statement) => amongCtes(statement, queries.statements)), templates };
};

/** A fragment may name what the statement around it defines; the whole statement is read as well, and exactly. */
const amongCtes = (statement: ReadStatement, all: readonly ReadStatement[]): Statement =>
  statement.isFragment
    ? { ...statement, ctesAround: new Set(all.filter(({ schema }) => schema === statement.schema).flatMap(ctesOf)) }
    : statement;

const templatesIn = (file: RepositoryFile): TaggedTemplateExpression[] => {
  const found: TaggedTemplateExpression[] = [];
  visitFile(file, { TaggedTemplateExpression: (node) => void (sqlTagOf(node) !== null && found.push(node)) });
  return found;
};

const readTemplate = (
  template: TaggedTemplateExpression,
  own: Scopes,
  { sources, schema }: { readonly sources: readonly Scopes[]; readonly schema: string },
  { statements, faults }: Read,
): void => {
  const { path, text } = own.file;
  const line = lineAt(text, template.start);
  for (const readings of renderTemplate(template, own, { sources, schema })) {
    const isFragment = sqlTagOf(template) === 'fragment';
    const tried = isFragment ? readings.flatMap((reading) => shapesOf(reading, schema)) : readings;
    const read = firstThatParses(tried, { path, line, schema });
    if (typeof read === 'string') faults.push(`${path}:${line}: PostgreSQL cannot read this: ${read}.\n    ${shown(readings)}`);
    else statements.push(...read.map((statement) => ({ ...statement, isFragment })));
  }
};

const shown = (readings: Readings): string => (readings[0] ?? '').replaceAll(/\s+/g, ' ').trim();

/** The statements of the first text that parses; or what was wrong with the first. */
const firstThatParses = (
  texts: readonly string[],
  where: { readonly path: string; readonly line: number; readonly schema: string },
): readonly Statement[] | string => {
  let complaint: string | undefined;
  for (const text of texts) {
    const parsed = parseSql({ ...where, kind: 'query', text });
    if (!('message' in parsed)) return parsed.map((statement) => ({ ...statement, line: where.line }));
    complaint ??= parsed.message;
  }
  return complaint ?? 'it is empty';
};
