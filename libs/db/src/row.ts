import { Compile } from 'typebox/compile';
import { Type, type Static, type TObject, type TProperties } from 'typebox';
import type { RowFaults, Table } from './table.ts';

/** A Standard Schema (https://standardschema.dev): what slonik takes as the parser of a statement's rows. */
export interface RowSchema<Row> {
  /** The names of its columns, for a statement that names those of another. */
  readonly columns: readonly string[];
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => RowResult<Row>;
    readonly types?: { readonly input: unknown; readonly output: Row } | undefined;
  };
}

/** The type of the rows of a schema. */
export type RowOf<Schema> = Schema extends RowSchema<infer Row> ? Row : never;

export type RowResult<Row> =
  | { readonly value: Row; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] };

const toSnakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const isOptional = (schema: TObject, name: string): boolean => !(schema.required ?? []).includes(name);

interface Column {
  readonly property: string;
  readonly column: string;
  readonly isOptional: boolean;
}

/** Null in the column of an optional property leaves the property out. */
const rename = (columns: readonly Column[], source: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const target: Record<string, unknown> = {};
  for (const { property, column, isOptional: mayLackIt } of columns) {
    const value = source[column];
    if (value === undefined || (mayLackIt && value === null)) continue;
    target[property] = value;
  }
  return target;
};

const compileRow = <Row>(schema: TObject): RowSchema<Row> => {
  const columns = Object.keys(schema.properties).map((property): Column => ({
    property,
    column: toSnakeCase(property),
    isOptional: isOptional(schema, property),
  }));
  const known = new Set(columns.map(({ column }) => column));
  const validator = Compile(schema);
  const validate = (value: unknown): RowResult<Row> => {
    if (typeof value !== 'object' || value === null) return { issues: [{ message: 'It is not a row.' }] };
    const source = value as Readonly<Record<string, unknown>>;
    for (const column in source) {
      if (!known.has(column)) return { issues: [{ message: `The schema does not name the column ${column}.` }] };
    }
    const candidate: unknown = rename(columns, source);
    if (validator.Check(candidate)) return { value: candidate };
    return {
      issues: validator.Errors(candidate).map(({ instancePath, message }) => ({ message: `${instancePath} ${message}` })),
    };
  };
  return { columns: [...known], '~standard': { version: 1, vendor: 'guildhall', validate } };
};

type WithExpressions<Row, Expressions> = Expressions extends TProperties ? Row & Static<TObject<Expressions>> : Row;

/**
 * The schema of a statement's rows, written in camelCase: `userId` takes the column `user_id`. Every row is checked, and a
 * column that the schema does not name is refused. Compiled once: call it beside the statement, not within a function.
 *
 * `properties` are columns of the tables that the statement reads, and do not compile unless one of the tables has the
 * column, with this type and nullability: `row([scripts, workspaces], { id: Type.String(), communityId: Type.String() })`.
 * `expressions` are what the statement computes or renames, which no table can vouch for.
 */
export const row = <
  const Sources extends readonly Table<unknown>[],
  const Properties extends TProperties,
  const Expressions extends TProperties | undefined = undefined,
>(
  _tables: Sources,
  properties: Properties & RowFaults<Sources, Properties>,
  expressions?: Expressions,
): RowSchema<WithExpressions<Static<TObject<Properties>>, Expressions>> =>
  compileRow(Type.Object({ ...properties, ...expressions }));

/** `row` for a statement without a column of a table: of expressions only, on the server's own catalog, or in a test. */
export const uncheckedRow = <const Properties extends TProperties>(
  properties: Properties,
): RowSchema<Static<TObject<Properties>>> => compileRow(Type.Object(properties));
