import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Generator } from './all.ts';

const root = join(import.meta.dirname, '..', '..');
const services = ['auth', 'team-resources', 'audit', 'gateway'];

interface Structure {
  readonly name: string;
  readonly key: readonly string[];
  /** Type and nullability by column. */
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly references: readonly (readonly [name: string, target: string])[];
}

const columnPattern = /^ {2}(?!CONSTRAINT |PRIMARY |FOREIGN |UNIQUE |CHECK )(\w+) (.*?),?$/gm;
const keyPattern = /PRIMARY KEY \(([^)]*)\)/;
const referencePattern = /FOREIGN KEY \((\w+)\) REFERENCES (?:\w+\.)?(\w+) ?\((\w+)\)/g;

const typeOf = (text: string): string => {
  const [, type = ''] = /^(.+?)(?: NOT NULL| DEFAULT| PRIMARY KEY|$)/.exec(text) ?? [];
  return / NOT NULL| PRIMARY KEY/.test(text) ? type : `${type} | null`;
};

/** Reads the tables of a schema.sql: their columns, keys, and references of one column. */
export const structuresOf = (schemaSql: string): readonly Structure[] =>
  [...schemaSql.matchAll(/^CREATE TABLE (?:\w+\.)?(\w+) \(\n(.*?)\n\)/gms)].map(([, name = '', body = '']) => ({
    name,
    key: (keyPattern.exec(body)?.[1] ?? '').split(', '),
    columns: [...body.matchAll(columnPattern)].map(([, column = '', text = '']) => [column, typeOf(text)]),
    references: [...body.matchAll(referencePattern)].map(([, column = '', table = '', target = '']) => [
      column,
      `${table}.${target}`,
    ]),
  }));

const record = (name: string, entries: Structure['columns']): string =>
  entries.length === 0
    ? `    ${name}: {},\n`
    : `    ${name}: {\n${entries.map(([key, value]) => `      ${key}: '${value}',\n`).join('')}    },\n`;

const tableText = ({ name, key, columns, references }: Structure): string =>
  `  ${name}: {\n    key: [${key.map((column) => `'${column}'`).join(', ')}],\n${record('columns', columns)}${record('references', references)}  },\n`;

/** The structure of the tables of a process, for the data browser. */
export const structureModule = (schemaSql: string): string =>
  `// Generated from schema.sql by \`make generate\`.\n\nexport const tableStructures = {\n${structuresOf(schemaSql).map(tableText).join('')}};\n`;

const fileOf = (service: string): string =>
  join('services', service, service === 'gateway' ? 'src/store/solo/table-structures.ts' : 'src/store/table-structures.ts');

/** Columns, keys and references of every table. The tests of the migrations hold schema.sql to the catalog. */
export const generator: Generator = {
  name: 'table structures',
  files: async () =>
    new Map(
      services.map((service) => [
        fileOf(service),
        structureModule(readFileSync(join(root, 'services', service, 'schema.sql'), 'utf8')),
      ]),
    ),
};
