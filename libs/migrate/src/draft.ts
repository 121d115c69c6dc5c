import type { SchemaModel, TableModel } from './catalog.ts';
import { columnFrom, indexFrom, nameOfColumn, nameOfConstraint, nameOfIndex, partFrom } from './draft-words.ts';

/** A proposed pair of migration files for one change of the schema, to be reviewed. */
export interface Draft {
  /** Words for the file name: `add_email_to_users`. */
  readonly name: string;
  /** Statements, each without its semicolon, with the comments that the rules ask for before them. */
  readonly up: readonly string[];
  readonly down: readonly string[];
}

const contract = '-- Contract: say since which release nothing reads or writes it.';
const expand = '-- Expand: say why it can be demanded of the rows that are there.';

/** Turns a creation into a drop: up and down exchanged, with a note for the reviewer. */
const reversed = ({ up, down }: Draft, name: string): Draft => ({ name, up: [contract, ...down], down: up });

const changesBetween = (
  before: readonly string[],
  after: readonly string[],
  nameOf: (part: string) => string,
): {
  readonly added: readonly string[];
  readonly dropped: readonly string[];
  readonly changed: readonly (readonly [string, string])[];
} => {
  const earlier = new Map(before.map((part) => [nameOf(part), part]));
  const later = new Map(after.map((part) => [nameOf(part), part]));
  return {
    added: after.filter((part) => !earlier.has(nameOf(part))),
    dropped: before.filter((part) => !later.has(nameOf(part))),
    changed: after.flatMap((part) => {
      const former = earlier.get(nameOf(part));
      return former === undefined || former === part ? [] : [[former, part] as const];
    }),
  };
};

const newTable = (schema: string, { name, columns, constraints, indexes }: TableModel): Draft => {
  const parts = [...columns, ...constraints].map((part) => `  ${partFrom(part)}`).join(',\n');
  return {
    name: `create_${name}`,
    up: [`CREATE TABLE IF NOT EXISTS ${schema}.${name} (\n${parts}\n)`, ...indexes.map(indexFrom)],
    down: [`DROP TABLE IF EXISTS ${schema}.${name}`],
  };
};

/** Proposes each change of one table as its own pair. Throws an Error for a change that has to be made in several releases. */
const tableDrafts = (schema: string, before: TableModel, after: TableModel): readonly Draft[] => {
  const table = `${schema}.${after.name}`;
  const newColumn = (column: string): Draft => {
    const { name, isRequired, defaultTo, sql } = columnFrom(column);
    return {
      name: `add_${name}_to_${after.name}`,
      up: [...(isRequired && defaultTo === null ? [expand] : []), `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${sql}`],
      down: [`ALTER TABLE ${table} DROP COLUMN IF EXISTS ${name}`],
    };
  };
  const newIndex = (index: string): Draft => ({
    name: `index_${nameOfIndex(index).replace(/^(idx|uq)_/, '')}`,
    up: [indexFrom(index)],
    down: [`DROP INDEX IF EXISTS ${schema}.${nameOfIndex(index)}`],
  });
  const newConstraint = (constraint: string): Draft => {
    const drop = `ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${nameOfConstraint(constraint)}`;
    // Neither engine has ADD CONSTRAINT IF NOT EXISTS in common: dropped first, the file can run twice.
    return {
      name: `add_${nameOfConstraint(constraint)}`,
      up: [drop, `ALTER TABLE ${table} ADD ${partFrom(constraint)}`],
      down: [drop],
    };
  };
  const columns = changesBetween(before.columns, after.columns, nameOfColumn);
  const indexes = changesBetween(before.indexes, after.indexes, nameOfIndex);
  const constraints = changesBetween(before.constraints, after.constraints, nameOfConstraint);
  const changedColumns = columns.changed.flatMap(([former, column]) => columnDrafts(table, former, column));
  const [changedPart] = [...indexes.changed, ...constraints.changed];
  if (changedPart !== undefined)
    throw new Error(
      `The definition changed under the same name: ${changedPart[1]}. Add it under a new name, and drop the former one.`,
    );
  return [
    ...columns.added.map(newColumn),
    ...changedColumns,
    ...constraints.added.map(newConstraint),
    ...indexes.added.map(newIndex),
    ...indexes.dropped.map((index) => reversed(newIndex(index), `drop_${nameOfIndex(index)}`)),
    ...constraints.dropped.map((one) => reversed(newConstraint(one), `drop_${nameOfConstraint(one)}`)),
    ...columns.dropped.map((column) => reversed(newColumn(column), `drop_${nameOfColumn(column)}_from_${after.name}`)),
  ];
};

/** Proposes a changed default or a changed nullability of a column. */
const columnDrafts = (table: string, former: string, column: string): readonly Draft[] => {
  const [before, after] = [columnFrom(former), columnFrom(column)];
  if (before.type !== after.type)
    throw new Error(
      `${table}.${after.name} is ${before.type} and should be ${after.type}. A type is not changed in place: add a column, copy, drop the former one, each in a release of its own.`,
    );
  const alter = (action: string): string => `ALTER TABLE ${table} ALTER COLUMN ${after.name} ${action}`;
  const defaulting = ({ defaultTo }: typeof before): string =>
    alter(defaultTo === null ? 'DROP DEFAULT' : `SET DEFAULT ${defaultTo}`);
  const requiring = ({ isRequired }: typeof before): string => alter(isRequired ? 'SET NOT NULL' : 'DROP NOT NULL');
  const end = `${after.name}_of_${table.replace(/^.*\./, '')}`;
  return [
    ...(before.defaultTo === after.defaultTo
      ? []
      : [{ name: `set_default_${end}`, up: [defaulting(after)], down: [defaulting(before)] }]),
    ...(before.isRequired === after.isRequired
      ? []
      : [
          {
            name: `${after.isRequired ? 'require' : 'allow_null'}_${end}`,
            up: [...(after.isRequired ? [expand] : []), requiring(after)],
            down: [requiring(before)],
          },
        ]),
  ];
};

/** Sorts tables topologically: a table comes after those that its foreign keys reference. */
const inOrderOfReferences = (schema: string, tables: readonly TableModel[]): readonly TableModel[] => {
  const ordered: TableModel[] = [];
  const add = (table: TableModel, path: readonly string[]): void => {
    if (ordered.includes(table) || path.includes(table.name)) return;
    for (const other of tables)
      if (table.constraints.some((text) => text.includes(`REFERENCES ${schema}.${other.name}(`)))
        add(other, [...path, table.name]);
    ordered.push(table);
  };
  for (const table of tables) add(table, []);
  return ordered;
};

const viewDrafts = (schema: string, before: SchemaModel, after: SchemaModel): readonly Draft[] => {
  const create = (name: string, definition: string): string => `CREATE OR REPLACE VIEW ${schema}.${name} AS\n${definition}`;
  const drop = (name: string): string => `DROP VIEW IF EXISTS ${schema}.${name}`;
  const former = new Map(before.views.map(({ name, definition }) => [name, definition]));
  const kept = new Set(after.views.map(({ name }) => name));
  return [
    ...after.views.flatMap(({ name, definition }): readonly Draft[] => {
      const earlier = former.get(name);
      if (earlier === definition) return [];
      const isNew = earlier === undefined;
      const down = isNew ? [drop(name)] : [create(name, earlier)];
      return [{ name: `${isNew ? 'create' : 'replace'}_${name}`, up: [create(name, definition)], down }];
    }),
    ...before.views
      .filter(({ name }) => !kept.has(name))
      .map(({ name, definition }) => ({ name: `drop_${name}`, up: [contract, drop(name)], down: [create(name, definition)] })),
  ];
};

/**
 * Proposes the migrations that lead from one schema to another, one change per pair: tables, then their parts, then views,
 * drops last. Throws an Error for a changed type and for a changed definition under the same name.
 */
export const draftMigrations = (schema: string, before: SchemaModel, after: SchemaModel): readonly Draft[] => {
  const former = new Map(before.tables.map((table) => [table.name, table]));
  const kept = new Set(after.tables.map(({ name }) => name));
  const added = inOrderOfReferences(
    schema,
    after.tables.filter(({ name }) => !former.has(name)),
  );
  const dropped = inOrderOfReferences(
    schema,
    before.tables.filter(({ name }) => !kept.has(name)),
  ).toReversed();
  return [
    ...added.map((table) => newTable(schema, table)),
    ...after.tables.flatMap((table) => {
      const earlier = former.get(table.name);
      return earlier === undefined ? [] : tableDrafts(schema, earlier, table);
    }),
    ...viewDrafts(schema, before, after),
    ...dropped.map((table) => reversed(newTable(schema, table), `drop_${table.name}`)),
  ];
};
