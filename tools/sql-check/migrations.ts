import { filesMatching } from '../source/repository.ts';
import { parseSql, type SqlText } from './parse-sql.ts';
import type { Statement } from './rule.ts';

/**
 * The schema of each service whose migrations are for PostgreSQL. Those of the gateway are for SQLite, which its parser would
 * misread.
 */
export const schemaOfService: Readonly<Record<string, string>> = { auth: 'auth', 'team-resources': 'team', audit: 'audit' };

export const migrationTexts = (): SqlText[] =>
  Object.entries(schemaOfService).flatMap(([service, schema]) =>
    filesMatching(`services/${service}/migrations/*.sql`).map(({ path, text }) => ({
      kind: 'migration',
      path,
      line: 1,
      schema,
      text,
    })),
  );

/** Parses the texts into statements; a text that PostgreSQL cannot parse becomes a sentence in `faults`. */
export const readStatements = (texts: readonly SqlText[]): { readonly statements: Statement[]; readonly faults: string[] } => {
  const statements: Statement[] = [];
  const faults: string[] = [];
  for (const source of texts) {
    const parsed = parseSql(source);
    if ('message' in parsed) faults.push(`${source.path}:${parsed.line}: PostgreSQL cannot read this: ${parsed.message}.`);
    else statements.push(...parsed);
  }
  return { statements, faults };
};
