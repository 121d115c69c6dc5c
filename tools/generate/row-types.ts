import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Generator } from './all.ts';

const root = join(import.meta.dirname, '..', '..');

/** The TypeScript type in which the driver reads each type of PostgreSQL: see values.ts of libs/db. */
const postgresTypes: ReadonlyMap<string, string> = new Map([
  ['text', 'string'],
  ['uuid', 'string'],
  ['timestamp with time zone', 'string'],
  ['date', 'string'],
  ['bigint', 'number'],
  ['integer', 'number'],
  ['smallint', 'number'],
  ['double precision', 'number'],
  ['boolean', 'boolean'],
  ['jsonb', 'Json'],
  ['bytea', 'Uint8Array'],
]);
const sqliteTypes: ReadonlyMap<string, string> = new Map([
  ['TEXT', 'string'],
  ['INTEGER', 'number'],
  ['REAL', 'number'],
  ['BLOB', 'Uint8Array'],
]);

interface Column {
  readonly name: string;
  readonly type: string;
}
interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
}

const camelCase = (name: string): string => name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const pascalCase = (name: string): string => camelCase(`_${name}`);

/** Throws an Error for a type that no driver's type is known for. */
const typeOf = (types: ReadonlyMap<string, string>, text: string, where: string): string => {
  const [, type = '', array = ''] = /^(.+?)(\[\])?(?: NOT NULL| DEFAULT|$)/.exec(text) ?? [];
  const known = types.get(type);
  if (known === undefined) throw new Error(`${where} has the type ${type}: say in tools/generate/row-types.ts what it reads as.`);
  const read = array === '' ? known : `readonly ${known}[]`;
  return text.includes(' NOT NULL') ? read : `${read} | null`;
};

/** Reads the tables of a schema.sql, which `make generate` writes from the catalog that the migrations lead to. */
export const tablesOf = (schemaSql: string, types: ReadonlyMap<string, string>): readonly Table[] =>
  [...schemaSql.matchAll(/^CREATE TABLE (?:\w+\.)?(\w+) \(\n(.*?)\n\)/gms)].map(([, name = '', body = '']) => ({
    name,
    columns: [...body.matchAll(/^ {2}(?!CONSTRAINT )(\w+) (.*?),?$/gm)].map(([, column = '', text = '']) => ({
      name: column,
      type: typeOf(types, text, `${name}.${column}`),
    })),
  }));

const header = '// Generated from schema.sql by `make generate`.\n';

/** The declarations of the tables of a service on PostgreSQL, for `row` of libs/db. */
export const postgresDeclarations = (schemaSql: string): string => {
  const tables = tablesOf(schemaSql, postgresTypes).map(({ name, columns }) => {
    const lines = columns.map((column) => `  readonly ${camelCase(column.name)}: ${column.type};\n`).join('');
    return `export const ${camelCase(name)} = table<{\n${lines}}>();\n`;
  });
  const text = tables.join('\n');
  const imported = text.includes('Json') ? 'table, type Json' : 'table';
  return `${header}import { ${imported} } from '@guildhall/db';\n\n${text}`;
};

/** The rows of the tables of the solo file, as better-sqlite3 returns them. */
export const sqliteDeclarations = (schemaSql: string): string => {
  const tables = tablesOf(schemaSql, sqliteTypes).map(({ name, columns }) => {
    const lines = columns.map((column) => `  readonly ${column.name}: ${column.type};\n`).join('');
    return `export interface ${pascalCase(name)}Row {\n${lines}}\n`;
  });
  return `${header}\n${tables.join('\n')}`;
};

const declarationsOf: ReadonlyMap<string, (schemaSql: string) => string> = new Map([
  ['auth', postgresDeclarations],
  ['team-resources', postgresDeclarations],
  ['audit', postgresDeclarations],
  ['gateway', sqliteDeclarations],
]);

/** The columns of every table as types. The tests of the migrations hold schema.sql to the catalog. */
export const generator: Generator = {
  name: 'row types',
  files: async () =>
    new Map(
      [...declarationsOf].map(([service, declarations]) => {
        const folder = join('services', service);
        return [join(folder, 'src/store/tables.ts'), declarations(readFileSync(join(root, folder, 'schema.sql'), 'utf8'))];
      }),
    ),
};
