/** The short type names that migrations use, for those of PostgreSQL's catalog: they state their size on both engines. */
const shortTypes: readonly (readonly [RegExp, string])[] = [
  [/\btimestamp with time zone\b/g, 'timestamptz'],
  [/\bdouble precision\b/g, 'float8'],
  [/\bbigint\b/g, 'int8'],
  [/\bsmallint\b/g, 'int2'],
  [/\binteger\b/g, 'int4'],
  [/\bboolean\b/g, 'bool'],
];

/** Rewrites the parts of a text outside of quotes; quoted values and names stay. */
const outsideQuotes = (text: string, rewrite: (part: string) => string): string =>
  text
    .split(/('(?:[^']|'')*'|"(?:[^"]|"")*")/)
    .map((part, index) => (index % 2 === 0 ? rewrite(part) : part))
    .join('');

/** A column or a constraint of the catalog as a migration writes it. */
export const partFrom = (text: string): string =>
  outsideQuotes(text, (part) => shortTypes.reduce((rest, [long, short]) => rest.replaceAll(long, short), part));

/** `CREATE INDEX` of the catalog as a migration writes it: repeatable, and without the access method that is the default. */
export const indexFrom = (text: string): string =>
  outsideQuotes(partFrom(text), (part) =>
    part.replace(/^(CREATE (?:UNIQUE )?INDEX) /, '$1 IF NOT EXISTS ').replace(' USING btree', ''),
  );

const firstMatch = (text: string, pattern: RegExp): string => {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`The catalog describes something unknown: ${text}`);
  return found;
};

export const nameOfColumn = (text: string): string => firstMatch(text, /^(\S+) /);
export const nameOfConstraint = (text: string): string => firstMatch(text, /^CONSTRAINT (\S+) /);
export const nameOfIndex = (text: string): string => firstMatch(text, /^CREATE (?:UNIQUE )?INDEX (\S+) ON /);

export interface ColumnWords {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  /** The expression of its default; null without one. */
  readonly defaultTo: string | null;
  /** The whole column, for CREATE TABLE and ADD COLUMN. */
  readonly sql: string;
}

/** A column of the catalog in its parts. */
export const columnFrom = (text: string): ColumnWords => {
  const sql = partFrom(text);
  const [, name = '', type = '', required, defaultTo] = /^(\S+) (.+?)( NOT NULL)?(?: DEFAULT (.+))?$/s.exec(sql) ?? [];
  return { name, type, isRequired: required !== undefined, defaultTo: defaultTo ?? null, sql };
};
