import { Compile } from 'typebox/compile';
import type { Static, TObject } from 'typebox';

/** A Standard Schema (https://standardschema.dev): what slonik takes as the parser of a statement's rows. */
export interface RowSchema<Row> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => RowResult<Row>;
    readonly types?: { readonly input: unknown; readonly output: Row } | undefined;
  };
}

export type RowResult<Row> =
  { readonly value: Row; readonly issues?: undefined } | { readonly issues: readonly { readonly message: string }[] };

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

/**
 * The schema of a statement's rows, written in camelCase: `row(Type.Object({ userId: UserId }))` takes the column
 * `user_id`. Every row is checked, and a column that the schema does not name is refused. Compiled once: call it
 * beside the statement, not within a function.
 */
export const row = <const Schema extends TObject>(schema: Schema): RowSchema<Static<Schema>> => {
  const columns = Object.keys(schema.properties).map((property): Column => ({
    property,
    column: toSnakeCase(property),
    isOptional: isOptional(schema, property),
  }));
  const known = new Set(columns.map(({ column }) => column));
  const validator = Compile(schema);
  const validate = (value: unknown): RowResult<Static<Schema>> => {
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
  return { '~standard': { version: 1, vendor: 'guildhall', validate } };
};
