import type Sqlite from 'better-sqlite3';
import { bookkeepingTables } from '../../src/names.ts';
import type { ConstraintFacts, IndexFacts, ReferenceFacts, TableFacts } from './facts.ts';

type Database = Sqlite.Database;

const constraintPattern =
  /(?:\bCONSTRAINT\s+(\w+)\s+)?\b(PRIMARY\s+KEY|FOREIGN\s+KEY|REFERENCES|CHECK|UNIQUE)\b(?:\s*(?:\w+\s*)?\(([^)]*)\))?/gi;
const kinds = { PRIMARY: 'primary', FOREIGN: 'foreign', REFERENCES: 'foreign', CHECK: 'check', UNIQUE: 'unique' } as const;

/** SQLite keeps the names of constraints nowhere but in the text of the table. */
const constraintsIn = (sql: string): readonly ConstraintFacts[] => {
  const text = sql.replaceAll(/(\bFOREIGN\s+KEY\s*\([^)]*\))\s*REFERENCES/gi, '$1 TO');
  return [...text.matchAll(constraintPattern)].map(([, name, words = '', columns = '']) => ({
    name: name ?? null,
    kind: kinds[words.split(/\s/)[0]?.toUpperCase() as keyof typeof kinds],
    columns: /^REFERENCES$/i.test(words) ? [] : (columns.match(/\w+/g) ?? []),
  }));
};

const readIndexes = (db: Database, table: string): readonly IndexFacts[] =>
  db
    .prepare<[string], { name: string; unique: number }>(`SELECT name, "unique" FROM pragma_index_list(?) WHERE origin = 'c'`)
    .all(table)
    .map(({ name, unique }) => ({
      name,
      isUnique: unique === 1,
      columns: db
        .prepare<[string], { name: string | null }>('SELECT name FROM pragma_index_info(?) ORDER BY seqno')
        .all(name)
        .map((column) => column.name ?? '(expression)'),
      where:
        /\bWHERE\b(.*)$/is.exec(
          db.prepare<[string], { sql: string }>('SELECT sql FROM sqlite_schema WHERE name = ?').get(name)?.sql ?? '',
        )?.[1] ?? null,
    }));

const readReferences = (db: Database, table: string): readonly ReferenceFacts[] => {
  const rows = db
    .prepare<[string], { id: number; column: string; target: string; onDelete: string }>(
      `SELECT id, "from" AS "column", "table" AS target, on_delete AS onDelete FROM pragma_foreign_key_list(?) ORDER BY id, seq`,
    )
    .all(table);
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((columns) =>
    columns.slice(0, 1).map(({ target, onDelete }) => ({ columns: columns.map(({ column }) => column), target, onDelete })),
  );
};

/** Reads the tables of a file, without those in which migrations are recorded. */
export const readSqliteFacts = (db: Database): readonly TableFacts[] =>
  db
    .prepare<[], { name: string; sql: string }>(
      `SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
    )
    .all()
    .filter(({ name }) => !bookkeepingTables.includes(name))
    .map(({ name, sql }) => {
      const columns = db
        .prepare<[string], { name: string; type: string; notnull: number; pk: number }>(
          `SELECT name, lower(type) AS type, "notnull", pk FROM pragma_table_info(?) ORDER BY name`,
        )
        .all(name);
      const keys = columns.filter(({ pk }) => pk > 0).toSorted((one, other) => one.pk - other.pk);
      return {
        path: name,
        name,
        engine: 'sqlite',
        columns: columns.map((column) => ({ name: column.name, type: column.type, isNullable: column.notnull === 0 })),
        primaryKey: keys.map((column) => column.name),
        constraints: constraintsIn(sql),
        references: readReferences(db, name),
        indexes: readIndexes(db, name),
      };
    });
