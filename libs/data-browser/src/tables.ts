import { columnClasses, type ColumnClass, type DataTable } from '@guildhall/contracts';

/** The tables of a schema as they are, by name: generated from schema.sql. */
export type TableStructures = Readonly<Record<string, TableStructure>>;

interface TableStructure {
  /** The columns of the primary key, in its order. */
  readonly key: readonly string[];
  /** The type of each column; `text | null` where it may be null. */
  readonly columns: Readonly<Record<string, string>>;
  /** `table.column` by the column that references it, within the schema. */
  readonly references: Readonly<Record<string, string>>;
}

/** The class of every column, by table: the columns of a class are separated by spaces. */
export type ColumnClasses = Readonly<Record<string, Readonly<Partial<Record<ColumnClass, string>>>>>;

export interface BrowsedColumn {
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
  readonly class: ColumnClass;
  readonly isKey: boolean;
  readonly references: { readonly table: string; readonly column: string } | null;
  readonly isFilterable: boolean;
  readonly isSortable: boolean;
}

export interface BrowsedTable {
  readonly name: string;
  readonly key: readonly string[];
  /** Without the secret ones, which nothing but this module hears of. */
  readonly columns: readonly BrowsedColumn[];
  readonly secretColumns: readonly string[];
}

export type BrowsedTables = ReadonlyMap<string, BrowsedTable>;

/** Types whose values have an order that a page can go on from. */
const orderedTypes = /^(uuid|text|bigint|integer|smallint|boolean|date|timestamp with time zone|TEXT|INTEGER)$/;

const referenceOf = (target: string | undefined): BrowsedColumn['references'] => {
  const [table = '', column = ''] = target?.split('.') ?? [];
  return target === undefined ? null : { table, column };
};

const namesIn = (names: string | undefined): readonly string[] => (names ?? '').split(' ').filter((name) => name !== '');

const faultsOf = (table: string, columns: readonly string[], named: readonly string[]): readonly string[] => [
  ...columns.filter((column) => !named.includes(column)).map((column) => `${table}.${column} has no class.`),
  ...named.filter((name, index) => named.indexOf(name) !== index).map((name) => `${table}.${name} has two classes.`),
  ...named.filter((name) => !columns.includes(name)).map((name) => `${table}.${name} is no column.`),
];

const browsedTable = (name: string, structure: TableStructure, classes: ColumnClasses[string] = {}): BrowsedTable => {
  const classOf = new Map(columnClasses.flatMap((each) => namesIn(classes[each]).map((column) => [column, each] as const)));
  const columns = Object.entries(structure.columns).map(([column, text]): BrowsedColumn => {
    const type = text.replace(/ \| null$/, '');
    const isNullable = type !== text;
    const isFree = classOf.get(column) === 'public' && orderedTypes.test(type);
    return {
      name: column,
      type,
      isNullable,
      class: classOf.get(column) ?? 'secret',
      isKey: structure.key.includes(column),
      references: referenceOf(structure.references[column]),
      isFilterable: isFree,
      isSortable: isFree && !isNullable,
    };
  });
  const secretColumns = columns.filter((column) => column.class === 'secret').map((column) => column.name);
  return { name, key: structure.key, columns: columns.filter((column) => column.class !== 'secret'), secretColumns };
};

/**
 * Joins the structure of tables with the classes of their columns. Throws an Error that names every column without a class, with two, or
 * that is not there, and every key that is not public: a process with one does not start.
 */
export const browsedTables = (structures: TableStructures, classes: ColumnClasses): BrowsedTables => {
  const faults = Object.entries(structures).flatMap(([table, { columns, key }]) => {
    const named = columnClasses.flatMap((each) => namesIn(classes[table]?.[each]));
    const free = namesIn(classes[table]?.public);
    return [
      ...faultsOf(table, Object.keys(columns), named),
      ...key.filter((column) => !free.includes(column)).map((column) => `${table}.${column} is a key and must be public.`),
    ];
  });
  const strangers = Object.keys(classes).filter((table) => !(table in structures));
  const all = [...faults, ...strangers.map((table) => `${table} is no table.`)];
  if (all.length > 0) throw new Error(`Every column needs one class: ${all.join(' ')}`);
  return new Map(Object.entries(structures).map(([name, each]) => [name, browsedTable(name, each, classes[name])]));
};

/** A table as callers see it. Of secret columns their names alone, so that nobody looks for them elsewhere. */
export const toDataTable = ({ name, columns, secretColumns }: BrowsedTable, estimate: number | null): DataTable => ({
  name,
  rowsEstimate: estimate,
  columns: columns.map((column) => ({ ...column, class: column.class === 'secret' ? 'content' : column.class })),
  secretColumns: [...secretColumns],
});
